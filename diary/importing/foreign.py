"""What another program wrote, as rows of ours: what it says nothing of stays open."""

from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

from diary.clinical.diary import REACTIONS


def session_of(session: Any, zone: str) -> dict[str, Any]:
    ended = datetime.fromtimestamp(session.ended_at, UTC).isoformat()
    return {
        "id": own_id(session.id),
        "practitioner": None,
        "ended_at": ended,
        "zone": zone,
        "pain_before": session.pain_before,
        "pain_after": session.pain_after,
        "sharp_increase": session.sharp_increase,
        "response": "",
        "sites": [],
        "aftercare": [],
        "note": "",
        "recorded_at": ended,
        "recorded_by": None,
        "version": 1,
        "withdrawn_at": None,
    }


def entry_of(entry: Any, zone: str) -> dict[str, Any]:
    observed = datetime.fromtimestamp(entry.observed_at, UTC)
    grades = {name: entry.reactions.get(name) for name in REACTIONS}
    return blank(own_id(entry.id), observed, zone) | grades | {
        "recorded_at": datetime.fromtimestamp(entry.recorded_at, UTC).isoformat(),
        "pain": entry.pain,
        "soreness": entry.soreness,
        "compared": entry.compared or "",
        "red_flags": [*entry.red_flags],
    }  # fmt: skip


def blank(id: str, observed: datetime, zone: str) -> dict[str, Any]:
    """Return an entry of a moment that says nothing but that."""
    local = observed.astimezone(ZoneInfo(zone))
    said: dict[str, Any] = {"id": id, "observed_at": observed.isoformat(), "recorded_at": observed.isoformat()}
    said |= {"zone": zone, "offset_minutes": int((local.utcoffset() or observed - observed).total_seconds() // 60)}
    said |= dict.fromkeys(("pain", "soreness", *REACTIONS, "withdrawn_at"))
    said |= {key: [] for key in ("red_flags", "regions", "good", "aftercare")}
    return said | {"compared": "", "note": "", "version": 1}


def own_id(name: str) -> str:
    """Return an id of this product's for one of another program's: the same for the same."""
    try:
        return str(UUID(name))
    except ValueError:
        return str(uuid5(NAMESPACE_URL, name.encode(errors="backslashreplace").decode()))  # half a sign is no UTF-8
