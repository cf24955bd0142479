"""What a person's apps and devices are told: the same rows as on pages, as JSON (docs/api.md)."""
