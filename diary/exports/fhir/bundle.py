"""The export of a diary as a FHIR R4 bundle, from the JSON document that is the export itself.

A collection, not a transaction: it says what is in a diary, and tells no server what to do with it. The same diary
gives the same bundle but for the moment at which it was made; every id follows from what it is of.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.crypto import salted_hmac

from diary.exports.document import check, streamed
from diary.exports.fhir import codes
from diary.exports.fhir.composer import Composer
from diary.exports.fhir.elements import ID, Resource
from diary.models import User


def pseudonym(patient: User) -> UUID:
    """Return the id of a patient outside: the same each time, and nobody else can tell of whom."""
    return UUID(bytes=salted_hmac("diary.exports.fhir", str(patient.pk), algorithm="sha256").digest()[:16], version=4)


def bundle(whole: dict[str, Any], patient: UUID) -> Resource:
    """Return the bundle of an exported document; `patient` is the pseudonym under which it says whose it is."""
    return head(whole) | {"entry": [*entries(whole, patient)]}


def head(whole: dict[str, Any]) -> Resource:
    settle = whole["settle"]
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "identifier": {"system": codes.DIGEST, "value": settle["digest"]},
        "timestamp": settle["exported_at"],
    }


def entries(whole: dict[str, Any], patient: UUID) -> Iterator[Resource]:
    for resource in Composer(str(patient), whole["settle"]["account"]["name"]).resources(whole):
        yield {"fullUrl": ID + resource["id"], "resource": resource}


def as_fhir(patient: User, now: datetime) -> Iterator[str]:
    """Yield a patient's bundle as JSON, piece by piece: the bundle of a long diary is a hundred times its scores.

    Raises `document.ChangedMeanwhile` before its end: the file is then none.
    """
    whole = streamed(patient, now)
    yield json.dumps(head(whole))[:-1] + ', "entry": ['
    for number, entry in enumerate(entries(whole, pseudonym(patient))):
        yield (",\n" if number else "\n") + json.dumps(entry, ensure_ascii=False)
    check(patient, whole)
    yield "\n]}\n"
