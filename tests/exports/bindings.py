"""Bindings of FHIR R4 that its models do not check, and what of a bundle stands against them."""

from diary.exports.fhir import codes

# Required bindings, from the value sets of FHIR R4 (4.0.1) at hl7.org/fhir/R4: the page of each is named.
REQUIRED = {
    "Bundle.type": {"collection"},  # valueset-bundle-type
    "QuestionnaireResponse.status": {
        "completed",
        "amended",
        "entered-in-error",
    },  # valueset-questionnaire-answers-status
    "Questionnaire.status": {"draft", "active", "retired", "unknown"},  # valueset-publication-status
    "Questionnaire.item.type": {"choice", "dateTime", "integer", "text"},  # valueset-item-type
    "Observation.status": {"final", "amended", "entered-in-error"},  # valueset-observation-status
    "Procedure.status": {"completed", "entered-in-error"},  # valueset-event-status
    "Flag.status": {"active", "inactive", "entered-in-error"},  # valueset-flag-status
    "Device.deviceName.type": {"model-name"},  # valueset-device-nametype
    "Provenance.entity.role": {
        "derivation",
        "revision",
        "quotation",
        "source",
        "removal",
    },  # valueset-provenance-entity-role
}
# Bindings of codes to their system: preferred or extensible, and kept all the same.
CODED = {
    "Observation.category": (codes.SURVEY, {"survey"}),  # valueset-observation-category
    "Flag.category": (codes.CLINICAL, {"clinical"}),  # valueset-flag-category
    "Provenance.activity": (codes.DEED, {"CREATE", "UPDATE", "NULLIFY"}),  # valueset-provenance-activity-type
    "Provenance.agent.type": (codes.PART_TAKEN, {"author", "assembler"}),  # valueset-provenance-agent-type
    "Flag.extension.valueCodeableConcept": (codes.PRIORITIES, {"PN", "PL", "PM", "PH"}),  # valueset-flag-priority
}


def parts(whole, path):
    """Yield whatever stands at a path of a resource, through lists."""
    if isinstance(whole, list):
        for one in whole:
            yield from parts(one, path)
    elif not path:
        yield whole
    elif path[0] in whole:
        yield from parts(whole[path[0]], path[1:])


def unbound(made):
    """Return what stands in a bundle against a binding, and how many were looked at."""
    wrong, looked = [], 0
    for resource in [made, *(entry["resource"] for entry in made["entry"])]:
        for path, allowed in REQUIRED.items():
            kind, *rest = path.split(".")
            for code in parts(resource, rest) if resource["resourceType"] == kind else []:
                looked += 1
                wrong += [] if code in allowed else [(path, code)]
        for path, (system, allowed) in CODED.items():
            kind, *rest = path.split(".")
            for concept in parts(resource, rest) if resource["resourceType"] == kind else []:
                looked += 1
                wrong += [
                    (path, one)
                    for one in concept["coding"]
                    if (one["system"], one["code"] in allowed) != (system, True)
                ]
    return wrong, looked
