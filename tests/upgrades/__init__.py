"""Databases of released versions, kept as data, and the way from each of them to the newest schema."""
