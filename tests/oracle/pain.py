"""The rules about pain after one session: R2 severe-pain, R3 sharp-rise, R4 escalating-pain (section 4)."""

from itertools import combinations, pairwise

from .reading import Session
from .terms import (
    HOUR,
    SETTLED_AFTER,
    Baseline,
    Diary,
    End,
    Finding,
    Ground,
    Judge,
    Observation,
    baseline,
    earliest,
    findings_of,
    first_run,
    rise,
    risen,
    run_ending,
    span,
)

# R2
SEVERE = 7
SEVERE_RISE = 3
WHATEVER_IT_SAYS = 5  # points above the baseline at which the patient's "same" or "better" no longer counts
SEVERE_FOR = 4 * HOUR
SEVERE_FOR_WHATEVER = 12 * HOUR
CALM_FOR = 24 * HOUR  # R4 too
# R3
SHARP = 3
# R4
ESCALATING = 4
RISEN_FOR = 12 * HOUR
RISEN_FOR_LONG = 48 * HOUR
CLIMB_STEP = 4 * HOUR
CLIMB_FOR = 24 * HOUR
CLIMBED = 3
STEEP = 2


def milder(observation: Observation) -> bool:
    return observation.compared in ("better", "same")


# R2


def severe_pain(diary: Diary) -> list[Finding]:
    found: list[Finding] = []
    for session in diary.sessions:
        judge, end = severe_judge(diary, session, tuple(found)), severe_end(diary, session)
        found += findings_of("severe-pain", session, diary.follow_up(session), judge, end)
    return found


def severe_judge(diary: Diary, session: Session, earlier: tuple[Finding, ...]) -> Judge:
    """R2, its four forms and what keeps (i), (ii) and (iv) from opening a new finding."""
    base = baseline(diary, session)

    def judge(_: list[Observation], seen: list[Observation]) -> Ground | None:
        now, sore = seen[-1], very_sore(seen[-1])
        evidence = [] if goes_on(diary, now, earlier) else painful(base, seen)
        return Ground("priority", evidence or [now], about=sore) if evidence or sore else None

    return judge


def painful(base: Baseline | None, seen: list[Observation]) -> list[Observation]:
    """R2 (i), (ii), (iv): the observations that make it fire at the last one seen; where (i) and (ii) do, the run."""
    now = seen[-1]
    run = run_ending(seen, lambda o: o.pain >= SEVERE and risen(base, o))
    if span(run) >= (SEVERE_FOR_WHATEVER if milder(now) else SEVERE_FOR):
        return run
    return [now] if now.pain >= SEVERE and stands_out(base, now) else []


def stands_out(base: Baseline | None, now: Observation) -> bool:
    """R2 (i) and, without a baseline, (iv), of a pain of 7 or more."""
    if base is None:
        return not milder(now)
    return risen(base, now, by=SEVERE_RISE) and (not milder(now) or now.pain >= base.value + WHATEVER_IT_SAYS)


def very_sore(observation: Observation) -> bool:
    """R2 (iii)."""
    return observation.answers.get("soreness", 0) >= SEVERE


def goes_on(diary: Diary, now: Observation, earlier: tuple[Finding, ...]) -> bool:
    """R2, "a severe pain that goes on is one finding, not one a session"."""
    return any(finding.open_at(now.at) and not set_apart(diary, finding, now) for finding in earlier)


def set_apart(diary: Diary, finding: Finding, now: Observation) -> bool:
    """R2, "unless": a lower pain since its firing, or now a higher one than at its firing and ever since."""
    firing, *since = diary.between(finding.by, now)
    return any(o.pain < SEVERE for o in since) or all(now.pain > o.pain for o in [firing, *since])


def severe_end(diary: Diary, session: Session) -> End:
    """R2, "It resolves at"."""
    base = baseline(diary, session)

    def calm(o: Observation) -> bool:
        usual = base is not None and o.pain <= base.value + 1 and o.compared != "worse"
        return (o.pain < SEVERE or usual) and not very_sore(o)

    def end(firing: Observation, ground: Ground) -> int | None:
        by_soreness = ground.about
        return first_run(
            diary.after(firing),
            calm,
            CALM_FOR,
            also=lambda run: not by_soreness or any("soreness" in o.answers for o in run),
        )

    return end


# R3


def sharp_rise(diary: Diary) -> list[Finding]:
    return [
        Finding("sharp-rise", "review", each.at, [], each.id, resolved_at=sharp_end(diary, each))
        for each in diary.sessions
        if each.sharp_increase or rose(each)
    ]


def rose(session: Session) -> bool:
    before, after = session.pain_before, session.pain_after
    return before is not None and after is not None and after - before >= SHARP


def sharp_end(diary: Diary, session: Session) -> int | None:
    """R3, "Resolves at": an entry, else the next session."""
    base = baseline(diary, session)
    ref = session.pain_before if session.pain_before is not None else base and base.value

    def over(o: Observation) -> bool:
        return milder(o) if ref is None else o.pain <= ref + 1

    entry = next((o.at for o in diary.from_entries if o.at > session.at and over(o)), None)
    following = diary.next_session(session.at)
    return earliest(entry, following and following.at)


# R4


def escalating_pain(diary: Diary, severe: list[Finding]) -> list[Finding]:
    found: list[Finding] = []
    for session in diary.sessions:
        of_session = [each for each in severe if each.session == session.id]
        judge, end = escalating_judge(diary, session, of_session), escalating_end(diary, session)
        found += findings_of("escalating-pain", session, diary.follow_up(session), judge, end)
    return found


def escalating_judge(diary: Diary, session: Session, severe: list[Finding]) -> Judge:
    """R4 (a) and (b), and their level."""
    base = baseline(diary, session)

    def judge(_: list[Observation], seen: list[Observation]) -> Ground | None:
        now = seen[-1]
        if now.at - session.at <= SETTLED_AFTER or now.pain < ESCALATING:
            return None
        forms = [form for form in (lasting_rise(base, seen), climb(base, seen)) if form]
        if not forms:
            return None
        steep = any(now.pain - form[0].pain >= STEEP for form in forms)
        told = any(each.open_at(now.at) for each in severe)
        level = "notice" if told else "priority" if steep else "review"
        evidence = [o for o in seen if any(o in form for form in forms)]  # what both forms rest on
        return Ground(level, evidence, about=forms[-1][0].pain)

    return judge


def lasting_rise(base: Baseline | None, seen: list[Observation]) -> list[Observation]:
    """R4 (a): the longest such run that ends at the last one seen, or nothing."""
    run = run_ending(seen, lambda o: risen(base, o))
    marked = any(risen(base, o, by=rise(base, o) + 1) for o in run)
    return run if span(run) >= RISEN_FOR and (marked or span(run) >= RISEN_FOR_LONG) else []


def climb(base: Baseline | None, seen: list[Observation]) -> list[Observation]:
    """R4 (b): four observations that end at the last one seen; of several, that which began first."""
    now = seen[-1]
    if now.compared == "same" or (base is not None and not risen(base, now)):
        return []
    return next((list(four) for three in combinations(seen[:-1], 3) if is_climb(seen, four := [*three, now])), [])


def is_climb(seen: list[Observation], four: list[Observation]) -> bool:
    """R4 (b), its conditions in their order; `seen` is the follow-up that holds the four."""
    steps = list(pairwise(four))
    return (
        all(later.at - before.at >= CLIMB_STEP for before, later in steps)
        and span(four) >= CLIMB_FOR
        and not dips_between(seen, four)
        and all(later.pain >= before.pain for before, later in steps)
        and sum(later.pain > before.pain for before, later in steps) >= 2
        and four[-1].pain - four[0].pain >= CLIMBED
        and all(o.compared != "better" for o in four)
    )


def dips_between(seen: list[Observation], four: list[Observation]) -> bool:
    """R4 (b): an observation between them is lower than the one (of the four) before it."""
    return any(
        o.pain < before.pain for before, later in pairwise(four) for o in seen[seen.index(before) : seen.index(later)]
    )


def escalating_end(diary: Diary, session: Session) -> End:
    """R4, "Resolves at"."""
    base = baseline(diary, session)

    def end(firing: Observation, ground: Ground) -> int | None:
        ref = ground.about if base is None else base.value
        return first_run(diary.after(firing), lambda o: o.pain <= ref + 1, CALM_FOR)

    return end
