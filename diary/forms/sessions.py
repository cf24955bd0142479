"""A treatment session, as it is typed by who gave it or who had it."""

from datetime import datetime
from typing import Any, cast
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from diary.forms.choices import AFTERCARE, REGIONS
from diary.forms.fields import (
    KNOWN_ADVICE,
    AdviceField,
    CodesField,
    IdField,
    LineField,
    NoteField,
    ScoreField,
    VersionField,
    WallTimeField,
)
from diary.forms.moments import MomentForm, wall_of, which_of
from diary.models import TreatmentSession

SAID = ("pain_before", "pain_after", "sharp_increase", "response", "sites", "aftercare", "note")
MORE = ("sites", "aftercare", "advice", "note", "response")


class SessionForm(MomentForm):
    """One session; only its end must be said: every follow-up is counted from it."""

    id = IdField()
    version = VersionField()
    ended = WallTimeField(label=_("When did it end?"), help_text=_("About is good enough: hours are counted from it."))
    pain_before = ScoreField(label=_("Pain just before"), low=_("no pain"), high=_("worst imaginable"))
    pain_after = ScoreField(label=_("Pain just after"), low=_("no pain"), high=_("worst imaginable"))
    sharp_increase = forms.BooleanField(label=_("Pain rose sharply during the session"), required=False)
    response = LineField(label=_("What was changed then"), required=False, max_length=500)
    sites = CodesField(label=_("Where the needles were"), choices=REGIONS)
    aftercare = CodesField(label=_("Aftercare that was advised"), choices=AFTERCARE)
    advice = AdviceField(
        label=_("Other advice"), help_text=_("A line each. What was done can be ticked on Today."), rows=2
    )
    note = NoteField(label=_("Note"))

    def __init__(
        self, data: Any = None, *, now: datetime, home: str, session: TreatmentSession | None = None, **options: Any
    ) -> None:
        """`session` is the one to put right; `home` the zone to read the time in where the browser says none."""
        self.session = session
        options["initial"] = (initial_of(session) if session else {"id": uuid4()}) | options.get("initial", {})
        super().__init__(data, now=now, home=session.zone if session else home, **options)

    def clean(self) -> dict[str, Any]:
        ended_at = self.unchanged_end() or self.past_instant("ended", self.now)
        if ended_at is not None:
            self.cleaned_data["ended_at"] = ended_at
        return self.cleaned_data

    def unchanged_end(self) -> datetime | None:
        """Return the end with its seconds where the minute shown was not touched."""
        if self.session is None or self.cleaned_data.get("ended") != wall_of(self.session.ended_at, self.here):
            return None
        same = self.cleaned_data.get("which", "") in ("", which_of(self.session.ended_at, self.here))
        return self.session.ended_at if same else None

    @property
    def answers(self) -> dict[str, Any]:
        """Return what was answered, as a session's columns."""
        said = {name: self.cleaned_data[name] for name in SAID}
        said["aftercare"] = [*said["aftercare"], *self.cleaned_data["advice"]]
        return said | {"ended_at": self.cleaned_data["ended_at"], "zone": self.here}

    def refuse_repeat(self) -> None:
        """Say that this form was saved before with other answers, and make what is typed now a session of its own."""
        data = cast(QueryDict, self.data).copy()
        data["id"] = str(uuid4())
        self.data = data
        self.add_error(None, _("This form was saved before, with other answers. Saved again, it is a second session."))

    def refuse_instant(self) -> None:
        """Say that another session ended then."""
        self.add_error("ended", _("Another session of yours ended at that very minute. Is it the same one?"))

    @property
    def more_open(self) -> bool:
        return any(self[name].value() or name in self.errors for name in MORE)


def initial_of(session: TreatmentSession) -> dict[str, Any]:
    said = {name: getattr(session, name) for name in (*SAID, "id", "zone", "version")}
    return said | {
        "ended": wall_of(session.ended_at, session.zone),
        "which": which_of(session.ended_at, session.zone),
        **advised(session),
    }


def advised(session: TreatmentSession) -> dict[str, Any]:
    """Return what was advised as the fields ask for it: ticks, and what was written in one's own words."""
    return {
        "aftercare": [one for one in session.aftercare if one in KNOWN_ADVICE],
        "advice": "\n".join(one for one in session.aftercare if one not in KNOWN_ADVICE),
    }
