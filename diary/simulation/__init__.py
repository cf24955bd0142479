"""A made-up cohort whose truth is known, and how often the rules see it. Verification, not clinical validation."""
