"""Every write, each a verb: atomic, keyword-only, with the person and the moment given, and its audit event inside."""
