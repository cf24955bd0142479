"""Reading, as a browser would, the form that a page gives back."""

import re
from html import unescape

FORM = re.compile(r'<form[^>]*action="([^"]+)"[^>]*>(.*?)</form>', re.DOTALL)
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


def given_back(page):
    """Return the address and the fields, each with all its values, of the form that holds what was typed."""
    forms = [(unescape(action), HIDDEN.findall(inner)) for action, inner in FORM.findall(page.content.decode())]
    action, pairs = next(form for form in forms if not form[0].startswith("/accounts/logout"))
    fields = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(unescape(value))
    return action, fields
