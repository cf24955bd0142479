"""PostgreSQL as a diary needs it; ENGINE names this package, Django looks for `base` in it."""
