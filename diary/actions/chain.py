"""The audit as a chain: a line that is changed, taken out, moved or cut off at the end is found.

The worker seals events in batches, seconds after they were written: each gets its place and a link, a digest of itself
and of the link before it. So nothing that people do waits for a chain. After each batch the last link, the head, is
written to a file outside the database, which only grows; whoever works a chain out anew contradicts it.

Names and texts stand in the link as a digest with a salt of the line's own. Erasure takes them and the salt away: what
was said can then not be guessed, and the link still holds.
"""

import hashlib
import json
import os
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction

from diary.actions.erased import ERASED
from diary.models import Event

BATCH = 1000
RESTORED = "restored"
SEALED = ("position", "salt", "texts_digest", "link")


@dataclass(frozen=True, slots=True)
class Head:
    """The last link of the chain at some moment; `restored` where a backup then took the database's place."""

    position: int
    link: str
    restored: bool = False


def seal(*, now: datetime) -> int:
    """Link the events that are not in the chain yet; return how many. What another worker is sealing, it seals."""
    try:
        return seal_batch(now)
    except IntegrityError:
        return 0


@transaction.atomic
def seal_batch(now: datetime) -> int:
    last = Event.objects.sealed().select_for_update().order_by("-position").first()
    position, link = (last.position or 0, last.link or "") if last else (0, "")
    # Held: what is being erased at this moment waits for the next batch, so that no digest is of words that are gone.
    events = list(Event.objects.unsealed().select_for_update(skip_locked=True).order_by("pk")[:BATCH])
    silence_late(events)
    for event in events:
        position += 1
        event.position, event.salt = position, secrets.token_hex(16)
        event.texts_digest = texts_digest(event)
        event.link = link = link_of(event, link)
    if events:
        Event.objects.bulk_update(events, SEALED, batch_size=100)
        transaction.on_commit(lambda: keep(Head(position, link), now=now))
    return len(events)


def silence_late(events: list[Event]) -> None:
    """Take the texts out of held events of people who were erased while they were being written."""
    gone = erased_streams() if events else set()
    late = [event for event in events if {event.stream, event.actor} & gone]
    if late:
        Event.objects.filter(pk__in=[event.pk for event in late]).silence()
    for event in late:
        event.actor_name = event.subject = event.old = event.new = ""


def texts_digest(event: Event) -> str:
    return digest(event.salt, event.actor_name, event.subject, event.old, event.new)


def link_of(event: Event, before: str) -> str:
    at = event.at.astimezone(UTC).isoformat()
    return digest(before, event.position, event.pk, at, event.actor, event.stream, event.verb, event.texts_digest)


def digest(*said: object) -> str:
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def head() -> Head | None:
    """Return the last link of this database's chain; None before the first."""
    last = Event.objects.sealed().order_by("-position").values_list("position", "link").first()
    return Head(last[0] or 0, last[1] or "") if last else None


# Outside the database


def keep(head: Head, *, now: datetime) -> None:
    """Add a head to the file and wait for the disk; a line is never changed or taken away."""
    path = Path(settings.AUDIT_HEADS)
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600), "w") as file:
        mark = f" {RESTORED}" if head.restored else ""
        file.write(f"{now.astimezone(UTC).isoformat()} {head.position} {head.link or '-'}{mark}\n")
        file.flush()
        os.fsync(file.fileno())


def kept() -> list[Head]:
    """Return the heads that must still hold: a restored backup takes those of later lines away."""
    path, heads = Path(settings.AUDIT_HEADS), dict[int, Head]()
    for line in path.read_text().splitlines() if path.exists() else ():
        at, position, link, *mark = [*line.split(), "", ""][:4] if line.count(" ") >= 2 else ("", "0", "", "")
        if RESTORED in mark:
            heads = {place: head for place, head in heads.items() if place <= int(position)}
        elif at:
            heads[int(position)] = Head(int(position), link)
    return list(heads.values())


# Verifying


def troubles(heads: Iterable[Head]) -> Iterator[str]:
    """Yield in a sentence each what does not hold of the chain of this database, given heads kept elsewhere."""
    silenced, links, before = erased_streams(), dict[int, str](), ""
    for event in Event.objects.sealed().order_by("position").iterator(chunk_size=2000):
        place = event.position or 0
        if place != last(links) + 1:
            yield f"Lines are missing before line {place}."
        if not holds(event, before, silenced):
            yield f"Line {place} was changed, moved or put in, or the line before it was."
        before = links[place] = event.link or ""
    for head in heads:
        if head.position and head.link != links.get(head.position):
            yield f"Line {head.position} is not the one whose head was kept; the last line here is {last(links)}."


def last(links: dict[int, str]) -> int:
    return next(reversed(links), 0)


def holds(event: Event, before: str, silenced: set[str]) -> bool:
    return event.link == link_of(event, before) and has_its_texts(event, silenced)


def has_its_texts(event: Event, silenced: set[str]) -> bool:
    if event.salt:
        return event.texts_digest == texts_digest(event)
    is_empty = not (event.actor_name or event.subject or event.old or event.new)
    return is_empty and bool({event.stream, event.actor} & silenced)


def erased_streams() -> set[str]:
    """Return the numbers of the accounts that were erased: of theirs alone names and texts may be gone."""
    return set(Event.objects.about(ERASED).filter(verb="account-erased").values_list("new", flat=True))
