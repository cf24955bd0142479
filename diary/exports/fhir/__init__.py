"""A diary as FHIR R4, for other record systems, and back again (docs/fhir.md)."""
