"""The access functions, each to be left open in turn."""

import inspect
import sys

from diary import permissions
from diary.models.prepared import Prepared

GATES = {
    name: function
    for name, function in inspect.getmembers(permissions, inspect.isfunction)
    if function.__module__.startswith("diary.permissions") and name.startswith(("visible_", "can_"))
}


def opened(gate):
    """Return a function that lets everybody in where `gate` decides."""
    if gate.startswith("can_"):
        return lambda *people, **named: True
    original = GATES[gate]
    return lambda *asked: original(*asked).model._default_manager.all()


def leave_open(gate, monkeypatch):
    """Put the open gate wherever the closed one is known, in tests that ask it directly too."""
    everywhere = [module for name, module in sys.modules.items() if name.startswith(("diary.", "tests."))]
    for module in everywhere:
        if getattr(module, gate, None) is GATES[gate]:
            monkeypatch.setattr(module, gate, opened(gate))
        held = [*vars(module).values()]
        held += [one for several in held if isinstance(several, dict) for one in several.values()]  # one a role
        for statement in held:
            if isinstance(statement, Prepared):  # its SQL was written with the gate closed
                monkeypatch.setattr(statement, "written", {})
