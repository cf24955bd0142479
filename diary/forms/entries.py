"""How one feels, as it is typed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from diary.clinical.diary import REACTIONS
from diary.forms.choices import AFTERCARE, GOOD, RED_FLAGS, REGIONS
from diary.forms.fields import (
    KNOWN_ADVICE,
    LONGEST_ADVICE,
    MOST_ADVICE,
    AftercareField,
    CodesField,
    GradeField,
    IdField,
    NoteField,
    ScoreField,
    TypedAtField,
    VersionField,
    WallTimeField,
    WordField,
    plain,
)
from diary.forms.moments import EARLIEST, MomentForm, about, offset_at, wall_of, which_of
from diary.models import Entry, Grade, User

WHEN = [("now", _("now")), ("morning", _("this morning")), ("night", _("last night")), ("pick", _("another time"))]
ASKED_AGAIN = ("soreness", *REACTIONS)
MORE = ("regions", "aftercare", "note")
MADE_ANEW = ("id", "version", "when", "observed", "which", "zone", "typed_at")
SAID = ("pain", "soreness", "compared", *REACTIONS, "red_flags", "good", *MORE)


class WhenField(WordField):
    """Always one of the choices on the page; what is sent without it is now, or the time that comes with it."""

    def clean(self, value: Any) -> str:
        return super().clean(value) if value else ""


class EntryForm(MomentForm):
    """One entry. Only pain must be answered; an answer left open is None or empty, never 0."""

    field_order = ("id", *SAID, "when", "observed", "which")
    id = IdField()
    pain = ScoreField(label=_("Pain"), required=True, low=_("no pain"), high=_("worst imaginable"))
    soreness = ScoreField(label=_("Soreness where the needles were"), low=_("none"), high=_("worst imaginable"))
    compared = WordField(label=_("Compared with your usual"), choices=Entry.Compared)
    stiffness = GradeField(label=_("Stiffness"))
    fatigue = GradeField(label=_("Tiredness"))
    dizziness = GradeField(label=_("Dizziness"))
    low_mood = GradeField(label=_("Low mood"))
    bruising = GradeField(label=_("Bruising"))
    red_flags = CodesField(label=_("Any of these?"), help_text=_("Rare, and they need care soon."), choices=RED_FLAGS)
    regions = CodesField(label=_("Where does it hurt?"), choices=REGIONS)
    good = CodesField(label=_("Good things"), choices=GOOD)
    aftercare = AftercareField(label=_("What did you do for yourself?"), choices=AFTERCARE)
    note = NoteField(
        label=_("Note"),
        help_text=_(
            "Not read live, and not by the rules. Whom you share notes with can read it when they open your diary."
        ),
    )
    when = WhenField(label=_("When was this?"), choices=WHEN, required=True)
    observed = WallTimeField(label=_("Date and time"))
    typed_at = TypedAtField()

    def __init__(self, data: Any = None, *, now: datetime, person: User, **options: Any) -> None:
        options.setdefault("initial", {"id": uuid4(), "when": "now"})
        super().__init__(data, now=now, home=person.time_zone, **options)
        self.fields["observed"].required = data is None or plain(data.get("when", "")) == "pick"
        self.last: dict[str, int] = {}
        sent = self.fields["aftercare"].widget.value_from_datadict(data or {}, {}, "aftercare")
        self.sent_advice: list[str] = sent or []
        self.offer(options["initial"].get("aftercare", []) if data is None else self.sent_advice)

    def offer(self, said: list[str], only: bool = False) -> None:
        """Offer advice in words of somebody's own beside the usual aftercare, or `only` what is said."""
        own = [one for one in said if one not in KNOWN_ADVICE and len(one) <= LONGEST_ADVICE][:MOST_ADVICE]
        self.own_advice = bool(own)
        if own or only:
            known = [choice for choice in AFTERCARE if not only or choice[0] in said]
            choices = [*known, *((one, one) for one in own)]
            self.fields["aftercare"] = AftercareField(label=self.fields["aftercare"].label, choices=choices)

    def advise(self, given: list[str]) -> None:
        """Ask what was done of what was advised at the latest session, where something was."""
        if given:
            self.fields["aftercare"].label = _("What did you do of what you were advised?")
            self.offer([*dict.fromkeys([*given, *self.sent_advice])], only=True)

    def clean(self) -> dict[str, Any]:
        observed_at = self.observed_at(self.now)
        if observed_at is not None:
            offset = offset_at(observed_at, self.here)
            self.cleaned_data |= {"observed_at": observed_at, "offset_minutes": offset}
        return self.cleaned_data

    def observed_at(self, now: datetime) -> datetime | None:
        if self.said_when != "pick":
            return about(self.said_when, self.as_of(now), self.here)
        return self.past_instant("observed", now)

    @property
    def said_when(self) -> str:
        """Return which of `WHEN` was said; what is sent without it is now, or the time that comes with it."""
        return self.cleaned_data.get("when") or ("pick" if self.cleaned_data.get("observed") else "now")

    def as_of(self, now: datetime) -> datetime:
        """Return when this was typed: before now where it waited on a device for the network. A clock ahead is now."""
        typed_at = self.cleaned_data.get("typed_at")
        return min(typed_at, now) if typed_at and typed_at.year >= EARLIEST else now

    @property
    def answers(self) -> dict[str, Any]:
        """Return what was answered, as an entry's columns."""
        moment = {name: self.cleaned_data[name] for name in ("observed_at", "offset_minutes")}
        return moment | {"zone": self.here} | {name: self.cleaned_data[name] for name in SAID}

    def repeats(self, entry: Entry, first: dict[str, Any] | None) -> bool:
        """Tell whether this only says again what an entry says, or first said: the same form, sent twice.

        "Now" is then the moment at which the entry was recorded. `first` are the values of its first amendment.
        """
        said = {name: getattr(entry, name) for name in (*SAID, "observed_at")}
        versions = [said, *([first | {"observed_at": datetime.fromisoformat(first["observed_at"])}] if first else [])]
        return any(
            self.meant(version["observed_at"], entry.recorded_at)
            and all(self.answers[name] == version[name] for name in SAID)
            for version in versions
        )

    def meant(self, moment: datetime, recorded_at: datetime) -> bool:
        """Tell whether this form, sent before, meant that moment.

        What waited on a device may have come before or after what its page sent, which does not say when it was typed:
        a moment that is not on a full minute was "now", whenever that was.
        """
        if moment == self.observed_at(recorded_at):
            return True
        if self.said_when == "now" and (moment.second or moment.microsecond):
            return True
        return self.said_when != "pick" and moment == about(self.said_when, recorded_at, self.here)

    @property
    def sent(self) -> list[tuple[str, str]]:
        """Return what was sent, name and value, to be sent once more; the moment as it was understood."""
        names = [name for name in self.fields if name not in MADE_ANEW]
        said = [(name, value) for name in names for value in cast(QueryDict, self.data).getlist(name)]
        at, here = self.cleaned_data["observed_at"], self.here
        observed = f"{wall_of(at, here):%Y-%m-%dT%H:%M}"
        return [*said, ("when", "pick"), ("zone", here), ("which", which_of(at, here)), ("observed", observed)]

    def ask_again(self, last: Mapping[str, Any] | None) -> None:
        """Ask of each reaction in the last entry whether it is still there; `last` are its answers, by name."""
        self.last = {name: last[name] for name in ASKED_AGAIN if last and last[name]}
        for name, answer in self.last.items():
            said = answer if name == "soreness" else Grade(answer).label
            self.fields[name].help_text = _("Last time: %(said)s. Still there?") % {"said": said}

    @property
    def alike(self) -> tuple[object, ...] | None:
        """Return what its questions depend on, where they hold no word and no answer of anybody: else None.

        Forms that are asked alike look alike, whoever is asked.
        """
        given = {name for name, value in self.initial.items() if value}
        if self.is_bound or self.own_advice or given - {"id", "when"}:
            return None
        aftercare = cast(AftercareField, self.fields["aftercare"])
        offered = str(aftercare.label), *aftercare.codes
        return type(self).__qualname__, self.initial.get("when"), *self.last.items(), offered

    @property
    def ticked(self) -> list[str]:
        """Return the red flags ticked, whether or not the rest of the form can be saved."""
        return getattr(self, "cleaned_data", {}).get("red_flags", [])

    @property
    def reactions_open(self) -> bool:
        return self.holds(*(name for name in REACTIONS if name not in self.last), "good")

    @property
    def more_open(self) -> bool:
        return self.holds(*MORE)

    def holds(self, *names: str) -> bool:
        return any(self[name].value() or name in self.errors for name in names)

    def still(self) -> list[forms.BoundField]:
        """Return the reactions that were there last time."""
        return [self[name] for name in REACTIONS if name in self.last]

    def reactions(self) -> list[forms.BoundField]:
        return [self[name] for name in REACTIONS if name not in self.last]


class AmendForm(EntryForm):
    """An entry put right: it says which version it has seen."""

    version = VersionField()

    def __init__(self, data: Any = None, *, now: datetime, person: User, entry: Entry) -> None:
        self.entry = entry
        super().__init__(data, now=now, person=person, initial=initial_of(entry))
        self.home = entry.zone

    def observed_at(self, now: datetime) -> datetime | None:
        # The form shows minutes: what was not changed keeps its seconds.
        picked = self.cleaned_data.get("when") == "pick" and self.cleaned_data.get("observed")
        same = picked == wall_of(self.entry.observed_at, self.here)
        if same and self.cleaned_data.get("which", "") in ("", which_of(self.entry.observed_at, self.here)):
            return self.entry.observed_at
        return super().observed_at(now)


def initial_of(entry: Entry) -> dict[str, Any]:
    said = {name: getattr(entry, name) for name in (*SAID, "id", "zone", "version")}
    moment = {"observed": wall_of(entry.observed_at, entry.zone), "which": which_of(entry.observed_at, entry.zone)}
    return said | moment | {"when": "pick"}
