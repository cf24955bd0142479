"""The clinical core: what the rules say, as plain Python. No clock, no database, no prose for people."""
