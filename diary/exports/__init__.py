"""A diary to take along: everything that is kept of a patient, as data, as a page, as a table."""
