"""The rules about the body's answers: R1 lingering-reaction, R7 marked-bruising, R8 silence (section 4)."""

from dataclasses import dataclass
from itertools import takewhile
from statistics import median_low

from .reading import GRADES, Session
from .terms import HOUR, LOOKED_BACK, Diary, Finding, Ground, Judge, Observation, earliest, findings_of, highest

# R1
SYMPTOMS = ("soreness", "stiffness", "fatigue", "dizziness", "low_mood")
LINGERS_AFTER = 48 * HOUR
LINGERS_FROM_ANCHOR = 96 * HOUR
CLEAR_FOR = 24 * HOUR
CARRIED_WITHIN = 48 * HOUR
AT_ONCE = ("dizziness", "low_mood")
LITTLE_SORENESS = 2
FADING_UNTIL = 72 * HOUR
MILD, MODERATE, SEVERE = (GRADES.index(each) for each in ("mild", "moderate", "severe"))
# R7
STEP_FROM = 24 * HOUR
BLEEDS_EASILY = {"bleeding_disorder", "blood_thinners"}
# R8
SILENT_FROM = 48 * HOUR
SILENT_UNTIL = 96 * HOUR


def answering(observations: list[Observation], symptom: str) -> list[Observation]:
    return [each for each in observations if symptom in each.answers]


def usual(diary: Diary, symptom: str) -> int:
    """R1, "The *usual* of a symptom"."""
    if symptom in diary.usual:
        return diary.usual[symptom]
    first = diary.sessions[0].at
    before = [o for o in answering(diary.observations, symptom) if first - LOOKED_BACK <= o.at < first]
    return median_low(o.answers[symptom] for o in before) if len(before) >= 2 else 0


def present(diary: Diary, symptom: str, observation: Observation) -> bool:
    """R1: above the usual. An answer that is not present is clear."""
    return observation.answers[symptom] > usual(diary, symptom)


# R1


@dataclass(frozen=True)
class Spell:
    """R1: what was answered from its start to its end, and the instant at which the end became known."""

    symptom: str
    answers: list[Observation]
    ended: int | None


def lingering_reaction(diary: Diary) -> list[Finding]:
    if not diary.sessions:
        return []
    every = [spell for symptom in SYMPTOMS for spell in spells(diary, symptom)]
    return [finding for spell in every if (finding := finding_of_spell(diary, spell))]


def spells(diary: Diary, symptom: str) -> list[Spell]:
    """R1, "A *spell* starts at": one after another, from the first session on."""
    rest = [o for o in answering(diary.observations, symptom) if o.at >= diary.sessions[0].at]
    found = []
    while (start := spell_start(diary, symptom, rest)) is not None:
        lived = rest[start:]
        end, known = spell_end(diary, symptom, lived)
        found.append(Spell(symptom, lived[:end], known))
        rest = lived[end:]
    return found


def spell_start(diary: Diary, symptom: str, rest: list[Observation]) -> int | None:
    """Return the place of the first present observation in a follow-up."""
    return next((n for n, o in enumerate(rest) if present(diary, symptom, o) and in_follow_up(diary, o)), None)


def in_follow_up(diary: Diary, observation: Observation) -> bool:
    return observation in diary.follow_up(diary.latest_session(observation.at))


def spell_end(diary: Diary, symptom: str, lived: list[Observation]) -> tuple[int, int | None]:
    """R1, "It ends at": the place of the clear observation, and when that became known; else past the last, None."""
    for place, each in enumerate(lived):
        run = list(takewhile(lambda o: not present(diary, symptom, o), lived[place:]))
        back = lived[place + len(run)].at if place + len(run) < len(lived) else None
        known = earliest(clear_long_enough(run), session_before(diary, each, back)) if run else None
        if known is not None:
            return place, known
    return len(lived), None


def clear_long_enough(run: list[Observation]) -> int | None:
    return next((o.at for o in run if o.at - run[0].at >= CLEAR_FOR), None)


def session_before(diary: Diary, clear: Observation, back: int | None) -> int | None:
    """R1, "which the next session follows before any present one"; `back`: when that one is, None for never."""
    following = diary.next_session(clear.at)
    return following.at if following and (back is None or following.at <= back) else None


def anchor(diary: Diary, spell: Spell, observation: Observation) -> Session:
    """R1, "Its anchor is" and "carried into", as of an observation of the spell."""
    first = spell.answers[0].at
    at = diary.latest_session(first)
    for session in diary.sessions:
        if first < session.at <= observation.at and not carried_into(diary, spell.symptom, session):
            at = session
    return at


def carried_into(diary: Diary, symptom: str, session: Session) -> bool:
    """R1, "of the observations answering the symptom in [T0 - 48 h, T0), the last is present"."""
    answers = answering(diary.observations, symptom)
    lately = [o for o in answers if session.at - CARRIED_WITHIN <= o.at < session.at]
    return bool(lately) and present(diary, symptom, lately[-1])


def fires(diary: Diary, spell: Spell, o: Observation) -> bool:
    """R1 (a), (b), (c)."""
    return present(diary, spell.symptom, o) and (
        o.at - diary.latest_session(o.at).at > LINGERS_AFTER
        or o.at - anchor(diary, spell, o).at > LINGERS_FROM_ANCHOR
        or (spell.symptom in AT_ONCE and o.answers[spell.symptom] == SEVERE)
    )


def level_of(diary: Diary, spell: Spell, o: Observation) -> str:
    """R1, "Level"."""
    value = o.answers[spell.symptom]
    if spell.symptom != "soreness":
        return "notice" if value == MILD else "review"
    before = spell.answers[: spell.answers.index(o)]
    fading = bool(before) and value < before[-1].answers["soreness"]
    early = o.at - diary.latest_session(o.at).at <= FADING_UNTIL
    return "notice" if value <= LITTLE_SORENESS and fading and early else "review"


def finding_of_spell(diary: Diary, spell: Spell) -> Finding | None:
    """R1, "One finding per spell and symptom"."""
    firing = next((o for o in spell.answers if fires(diary, spell, o)), None)
    if firing is None:
        return None
    open_at = [o for o in spell.answers if o.at >= firing.at and present(diary, spell.symptom, o)]
    return Finding(
        rule="lingering-reaction",
        level=highest(level_of(diary, spell, o) for o in open_at),
        fired_at=firing.at,
        evidence=[firing.id],
        session=anchor(diary, spell, firing).id,
        symptom=spell.symptom,
        resolved_at=spell.ended,
    )


# R7


def marked_bruising(diary: Diary) -> list[Finding]:
    found = []
    for session in diary.sessions:
        follow_up = answering(diary.follow_up(session), "bruising")
        found += findings_of("marked-bruising", session, follow_up, bruising_judge(diary), bruising_end(diary, session))
    return found


def bruising_judge(diary: Diary) -> Judge:
    """R7, its three forms and their level."""
    bleeds = bool(diary.conditions & BLEEDS_EASILY)

    def judge(follow_up: list[Observation], _: list[Observation]) -> Ground | None:
        now = follow_up[-1]
        grade = now.answers["bruising"]
        if grade == SEVERE or (grade >= MODERATE and (bleeds or stepped_up(follow_up))):
            return Ground("priority" if grade == SEVERE and bleeds else "review", [now])
        return None

    return judge


def stepped_up(follow_up: list[Observation]) -> bool:
    """R7, "a higher grade than an earlier answer of this follow-up at least 24 h before"."""
    now = follow_up[-1]
    return any(o.answers["bruising"] < now.answers["bruising"] and now.at - o.at >= STEP_FROM for o in follow_up)


def bruising_end(diary: Diary, session: Session):
    """R7, "Resolves at"."""

    def end(firing: Observation, _: Ground) -> int | None:
        later = answering(diary.after(firing), "bruising")
        answer = next((o.at for o in later if o.answers["bruising"] <= MILD), None)
        following = diary.next_session(session.at)
        return earliest(answer, following and following.at)

    return end


# R8


def silent_since(diary: Diary, session: Session) -> list[Observation] | None:
    """R8: the last answer about soreness, if any, where nothing since says whether it settled; else None."""
    answers = answering(diary.observations, "soreness")
    following = diary.next_session(session.at)
    first, last = session.at + SILENT_FROM, session.at + SILENT_UNTIL
    early = [o for o in answers if session.at <= o.at <= first]
    if any(first < o.at <= last for o in answers) or (following and following.at <= last):
        return None
    return None if early and not present(diary, "soreness", early[-1]) else early[-1:]


def silence(diary: Diary) -> list[Finding]:
    found = []
    for session in diary.sessions:
        asked, at = silent_since(diary, session), session.at + SILENT_UNTIL
        if asked is not None and at <= diary.now:
            evidence = [o.id for o in asked]
            found.append(Finding("silence", "notice", at, evidence, session.id, resolved_at=heard(diary, at)))
    return found


def heard(diary: Diary, since: int) -> int | None:
    """R8, "Resolves at"."""
    answer = next((o.at for o in answering(diary.observations, "soreness") if o.at > since), None)
    following = diary.next_session(since)
    return earliest(answer, following and following.at)
