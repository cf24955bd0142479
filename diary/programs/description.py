"""The interface described by itself, as OpenAPI 3.1: every answer is checked against it in a test."""

from typing import Any

from diary.clinical.diary import COMPARED, CONDITIONS, GRADES, LEVELS, REACTIONS, RED_FLAGS
from diary.clinical.document import FORMAT
from diary.programs.answers import LIMIT, MOST

Schema = dict[str, Any]


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def thing(**members: Schema) -> Schema:
    """Return an object with all of these members and no others."""
    return {"type": "object", "properties": members, "required": list(members), "additionalProperties": False}


def nullable(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def words(*allowed: str) -> Schema:
    return {"type": "string", "enum": list(allowed)}


def many(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


TEXT: Schema = {"type": "string"}
DIGITS = {"type": "string", "pattern": "^[0-9]{1,18}$"}  # an id as CDS Hooks has it
CODE: Schema = {"type": "string"}
ID: Schema = {"type": "string", "format": "uuid"}
NUMBER: Schema = {"type": "integer", "minimum": 1}
INSTANT: Schema = {"type": "string", "format": "date-time"}
YES_OR_NO: Schema = {"type": "boolean"}
SCORE: Schema = {"type": "integer", "minimum": 0, "maximum": 10}
GRADED = {"type": "object", "additionalProperties": words(*GRADES), "propertyNames": words(*REACTIONS)}

SCHEMAS: dict[str, Schema] = {
    "Me": thing(
        role=words("patient", "practitioner", "admin"),
        time_zone=TEXT,
        scope=words("own", "shared", "flags"),
        token=TEXT,
        expires_at=INSTANT,
    ),
    "Entry": thing(
        id=ID,
        observed_at=INSTANT,
        time_zone=TEXT,
        recorded_at=INSTANT,
        pain=SCORE,
        soreness=nullable(SCORE),
        reactions=thing(**{name: nullable(words(*GRADES)) for name in REACTIONS}),
        compared=nullable(words(*COMPARED)),
        red_flags=many(words(*RED_FLAGS)),
        regions=many(CODE),
        good=many(CODE),
        aftercare=many(CODE),
        note=nullable(TEXT),
        version=NUMBER,
    ),
    "Session": thing(
        id=ID,
        ended_at=INSTANT,
        time_zone=TEXT,
        recorded_at=INSTANT,
        practitioner=nullable(TEXT),
        pain_before=nullable(SCORE),
        pain_after=nullable(SCORE),
        sharp_increase=YES_OR_NO,
        response=nullable(TEXT),
        sites=many(CODE),
        aftercare=many(CODE),
        note=nullable(TEXT),
        version=NUMBER,
    ),
    "Flag": thing(
        id=ID,
        patient=NUMBER,
        rule=CODE,
        level=words(*LEVELS),
        title=TEXT,
        fired_at=INSTANT,
        raised_at=INSTANT,
        status=words("open", "acknowledged", "closed"),
        outcome=nullable(words("acknowledged", "contacted", "referred", "not_a_concern")),
        holds=YES_OR_NO,
        session=nullable(ID),
        entry=nullable(ID),
    ),
    "Patient": thing(id=NUMBER, name=TEXT, time_zone=TEXT),
    "Diary": thing(
        format=words(FORMAT),
        time_zone=TEXT,
        intake=thing(
            usual_pain=nullable(SCORE),
            usual_soreness=nullable(SCORE),
            usual_reactions=GRADED,
            conditions=many(words(*CONDITIONS)),
        ),
        sessions=many(
            thing(
                id=ID,
                ended_at=INSTANT,
                pain_before=nullable(SCORE),
                pain_after=nullable(SCORE),
                sharp_increase=YES_OR_NO,
            )
        ),
        entries=many(
            thing(
                id=ID,
                observed_at=INSTANT,
                recorded_at=INSTANT,
                pain=SCORE,
                soreness=nullable(SCORE),
                reactions=GRADED,
                compared=nullable(words(*COMPARED)),
                red_flags=many(words(*RED_FLAGS)),
            )
        ),
    ),
    "Services": thing(
        services=many(thing(hook=TEXT, id=TEXT, title=TEXT, description=TEXT, usageRequirements=TEXT)),
    ),
    "Call": {
        "type": "object",
        "properties": {
            "hook": words("patient-view"),
            "hookInstance": TEXT,
            "context": {"type": "object", "properties": {"patientId": DIGITS}, "required": ["patientId"]},
        },
        "required": ["hook", "context"],
    },
    "Cards": thing(
        cards=many(
            thing(
                uuid=ID,
                summary={"type": "string", "maxLength": 139},
                detail=TEXT,
                indicator=words("info", "warning", "critical"),
                source=thing(label=TEXT, url={"type": "string", "format": "uri"}),
                links=many(thing(label=TEXT, url={"type": "string", "format": "uri"}, type=words("absolute"))),
            )
        )
    ),
    "Problem": thing(type=TEXT, title=TEXT, status={"type": "integer"}, detail=TEXT),
}


def page(name: str) -> Schema:
    return thing(data=many(ref(name)), next=nullable({"type": "string", "format": "uri"}))


PROBLEMS = {
    "400": "What was asked cannot be read",
    "401": "No token, or one that opens nothing (any more)",
    "403": "Plain HTTP, a token for something else, or one of somebody without the second step that is asked of them",
    "404": "Not there, or not for the token's owner: the same answer",
    "429": "More than 120 requests a minute with a token; Retry-After says how many seconds to wait",
}
PAGES = [
    {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": MOST, "default": LIMIT}},
    {"name": "cursor", "in": "query", "schema": TEXT, "description": "From `next`, as it is."},
]
WHOSE = [{"name": "id", "in": "path", "required": True, "schema": NUMBER, "description": "From /patients."}]
MOMENTS = {"Entry": "observed_at", "Session": "ended_at", "Flag": "raised_at"}
OWN, SHARED, ANY = ("own",), ("shared",), ("own", "shared", "flags")
HANDLED = ("shared", "flags")


def answered(schema: Schema, *, problems: bool = True) -> Schema:
    """Return the answers of one address: the good one, unchanged since the ETag that was sent, and the problems."""
    answers: Schema = {"200": {"description": "As asked", "content": {"application/json": {"schema": schema}}}}
    answers["304"] = {"description": "Unchanged since If-None-Match"}
    if problems:
        content = {"application/problem+json": {"schema": ref("Problem")}}
        answers |= {status: {"description": said, "content": content} for status, said in PROBLEMS.items()}
    return answers


def get(id: str, said: str, schema: Schema, scopes: tuple[str, ...], asks: list[Schema] | None = None) -> Schema:
    asked = {"operationId": id, "summary": said, "x-scopes": list(scopes), "parameters": asks or []}
    return {"get": asked | {"responses": answered(schema), "security": [{"token": []}]}}


def listing(id: str, said: str, name: str, scopes: tuple[str, ...], asks: list[Schema] | None = None) -> Schema:
    return get(id, said, page(name), scopes, [*(asks or []), *span(name), *PAGES])


def span(name: str) -> list[Schema]:
    """Return what asks for a part of a list whose rows say their moment: from an instant on, and before another."""
    if name not in MOMENTS:
        return []
    said = {"from": f"Where `{MOMENTS[name]}` is this instant or later", "to": f"Where `{MOMENTS[name]}` is earlier"}
    return [{"name": bound, "in": "query", "schema": INSTANT, "description": text} for bound, text in said.items()]


PATHS: dict[str, Schema] = {
    "/me": get("api-me", "What this token is for", ref("Me"), ANY),
    "/diary": get("api-diary", f"My whole diary as the rules read it: {FORMAT}", ref("Diary"), OWN),
    "/entries": listing("api-entries", "My entries, the earliest first", "Entry", OWN),
    "/sessions": listing("api-sessions", "My sessions, the earliest first", "Session", OWN),
    "/flags": listing(
        "api-flags", "My flags; for a practitioner those that wait, of all diaries shared with them", "Flag", ANY
    ),
    "/patients": listing("shared-list", "The patients whose diaries I read", "Patient", SHARED),
    "/patients/{id}/diary": get(
        "shared-diary", f"A shared diary as the rules read it: {FORMAT}", ref("Diary"), SHARED, WHOSE
    ),
    "/patients/{id}/entries": listing("shared-entries", "Entries of a shared diary", "Entry", SHARED, WHOSE),
    "/patients/{id}/sessions": listing("shared-sessions", "Sessions of a shared diary", "Session", SHARED, WHOSE),
    "/patients/{id}/flags": listing("shared-flags", "Flags of a shared diary", "Flag", HANDLED, WHOSE),
    "/cds-services": {
        "get": {
            "operationId": "cards-list",
            "summary": "CDS Hooks: what is on offer (open to all)",
            "x-scopes": [],
            "parameters": [],
            "security": [],
            "responses": answered(ref("Services"), problems=False),
        }
    },
    "/cds-services/open-flags": {
        "post": {
            "operationId": "cards-show",
            "summary": "CDS Hooks: a card for each flag of a patient that waits",
            "x-scopes": list(HANDLED),
            "parameters": [],
            "security": [{"token": []}],
            "requestBody": {"required": True, "content": {"application/json": {"schema": ref("Call")}}},
            "responses": answered(ref("Cards")),
        }
    },
}
OPENAPI: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {
        "title": "Settle",
        "version": "1",
        "summary": "Read a symptom diary: one's own, or those that are shared.",
        "description": (
            "Read only. Send `Authorization: Bearer settle_…`, a token made under Apps and devices. A page of a list "
            "names the next one in `next`, null at the end. Every read of a diary by a practitioner's token is noted, "
            "and the patient sees it. Problems are said as application/problem+json (RFC 9457)."
        ),
    },
    "servers": [{"url": "/api/v1"}],
    "paths": PATHS,
    "components": {
        "schemas": SCHEMAS,
        "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
    },
}


def chapters() -> list[dict[str, Any]]:
    """Return the addresses as the readable page shows them: method, path, what it is, for which scopes."""
    return [
        {"method": method.upper(), "path": f"/api/v1{path}", "said": asked["summary"], "scopes": asked["x-scopes"]}
        for path, methods in PATHS.items()
        for method, asked in methods.items()
    ]
