"""Every number the simulation rests on, once, beside where it comes from.

`basis` is one of: "set" (fixed with the bars, before there was a simulation), "document" (the source document),
"literature" (published), "product" (how Settle asks) or "assumed" (nobody's figure but ours).
Durations are hours unless their name says days, scores points of the 0-10 scale, shares 0-1.
"""

from dataclasses import dataclass, field, fields, replace
from typing import Any, NamedTuple

SURI = "Suri et al., BMC Musculoskelet Disord 2011;12:220"
YORK = "MacPherson et al., BMJ 2001;323:486, of that order"


def number(value: float, meaning: str, basis: str, source: str = "") -> Any:
    return field(default=value, metadata={"meaning": meaning, "basis": basis, "source": source})


@dataclass(frozen=True, slots=True)
class Parameters:
    """What happens to patients, and how they write it down."""

    sessions_fewest: float = number(6, "sessions in a course, fewest", "literature", "trials of 6 to 15 sessions")
    sessions_most: float = number(12, "sessions in a course, most; each number as likely", "literature", "the same")
    weekly: float = number(0.7, "share of sessions a week after the one before", "assumed")
    twice_weekly: float = number(0.2, "share 3 or 4 days after it; the rest come 14 days after it", "assumed")

    level_mean: float = number(5.5, "pain at the start, mean", "set")
    level_sd: float = number(1.6, "pain at the start, standard deviation between patients", "set")
    within_sd: float = number(1.2, "standard deviation of one patient's pain around their level", "set")
    slow_share: float = number(0.5, "share of that variance that changes slowly; the rest is of one reading", "assumed")
    slow_hours: float = number(48, "hours in which the slow part loses about two thirds of itself", "assumed")
    change_mean: float = number(-1.5, "change of pain over a course without harm, mean", "assumed")
    change_sd: float = number(1.0, "change of pain over a course, standard deviation", "assumed")

    flare_every_days: float = number(12, "days between natural flares, mean", "literature", f"3.5 in 6 weeks: {SURI}")
    flare_size: float = number(2.75, "points a natural flare adds, mean", "set", f"2.70 in {SURI}")
    flare_size_sd: float = number(0.75, "points a natural flare adds, standard deviation", "assumed")
    flare_half: float = number(4, "hours within which half of the flares are over", "set", SURI)
    flare_three_quarters: float = number(24, "hours within which three quarters are over", "set", SURI)
    flare_longest: float = number(336, "hours after which any flare is over", "assumed")

    soreness: float = number(0.2, "sessions followed by soreness", "set", "the document: 15 to 25 %")
    reaction_median: float = number(18, "hours that a reaction lasts, median", "set")
    reaction_sigma: float = number(0.5, "its spread (standard deviation of the logarithm)", "assumed")
    lingering: float = number(0.03, "share of reactions that linger", "set")
    lingering_shortest: float = number(80, "hours a lingering reaction lasts, shortest", "set")
    lingering_longest: float = number(160, "hours a lingering reaction lasts, longest", "set")
    soreness_peak: float = number(3, "soreness at its peak, mean", "assumed")
    soreness_peak_sd: float = number(1.5, "soreness at its peak, standard deviation", "assumed")

    stiffness: float = number(0.1, "sessions followed by stiffness", "assumed")
    fatigue: float = number(0.24, "sessions followed by fatigue", "literature", "MacPherson, Acupunct Med 2005;23:112")
    dizziness: float = number(0.03, "sessions followed by dizziness", "document", "below 5 %")
    low_mood: float = number(0.01, "sessions followed by low mood", "assumed")
    bruising: float = number(0.15, "sessions followed by bruising", "document", "10 to 20 %")
    bruising_median: float = number(120, "hours a bruise shows, median", "assumed")
    moderate: float = number(0.22, "share of such reactions that start as moderate", "assumed")
    severe: float = number(0.02, "share that start as severe", "assumed")
    blood_thinners: float = number(0.1, "patients who take blood thinners", "assumed")

    aggravation: float = number(0.03, "sessions followed by an aggravation", "set", YORK)
    aggravation_size: float = number(2.75, "points an aggravation adds, mean: as a flare", "assumed")
    aggravation_size_sd: float = number(0.75, "points an aggravation adds, standard deviation", "assumed")
    aggravation_median: float = number(24, "hours an aggravation lasts, median", "assumed")
    aggravation_sigma: float = number(1.0, "its spread (standard deviation of the logarithm)", "assumed")
    aggravation_within: float = number(12, "hours after the session within which it starts", "assumed")
    on_the_table: float = number(0.25, "share of aggravations that start before the session ends", "assumed")

    harm: float = number(0.03, "patients harmed progressively", "set")
    harm_step: float = number(1.0, "points each session adds, from the one that starts it", "assumed")
    harm_least: float = number(3, "points of harm in all, least", "assumed")
    harm_most: float = number(5, "points of harm in all, most; no improvement beside it", "assumed")
    harm_starts_by: float = number(0.5, "share of the course by which it has started", "assumed")

    completion: float = number(0.8, "prompts answered, mean over patients", "set")
    completion_spread: float = number(
        10, "how alike patients are in that (a and b of the beta distribution)", "assumed"
    )
    joins_days: float = number(7, "days before the first session that a patient joins, at most", "assumed")
    intake_answered: float = number(0.9, "patients who say what their usual pain is", "assumed")
    intake_sd: float = number(1.0, "standard deviation of what they say around what it is", "assumed")
    scores_taken: float = number(0.8, "sessions with a score before and after", "assumed")
    relief: float = number(1.0, "points by which pain is lower right after a session, mean", "assumed")
    relief_sd: float = number(1.0, "its standard deviation", "assumed")
    soreness_answered: float = number(0.97, "entries that answer soreness", "assumed")
    sore_by_mistake: float = number(0.01, "entries that answer soreness 1 without any", "assumed")
    compared_answered: float = number(0.9, "entries that compare with the usual", "assumed")
    compared_from: float = number(1.0, "points off the usual from which that is better or worse", "assumed")
    bad_day: float = number(2.0, "points that flare, aggravation and harm add on a bad day, at least", "assumed")
    entry_on_bad_day: float = number(0.25, "bad days with an entry nobody asked for", "assumed")
    entry_on_other_day: float = number(0.03, "other days with an entry nobody asked for", "assumed")
    flag_by_mistake: float = number(0.001, "entries with a red-flag question answered yes by mistake", "assumed")
    check_in_from: float = number(4, "hours after the session of the first answer, earliest", "product")
    check_in_to: float = number(8, "the same, latest", "product")
    day_to: float = number(28, "hours: the second, from 24 to", "product")
    settled_to: float = number(54, "hours: the third, from 48 to", "product")
    sore_to: float = number(76, "hours: the fourth, only while sore, from 72 to; later ones are weekly", "product")


class Row(NamedTuple):
    """One parameter as it is printed."""

    name: str
    value: float
    meaning: str
    basis: str
    source: str


def rows(parameters: Parameters) -> list[Row]:
    return [Row(each.name, getattr(parameters, each.name), **each.metadata) for each in fields(parameters)]


def changed(changes: list[str]) -> Parameters:
    """Return the parameters with some set otherwise, from "name=value" each. Raises ValueError."""
    known = {each.name for each in fields(Parameters)}
    values: dict[str, float] = {}
    for change in changes:
        name, _, value = change.partition("=")
        if name not in known:
            raise ValueError(f"{name} is no parameter")
        values[name] = float(value)
    return replace(Parameters(), **values)
