"""How long the hot paths take, as ratios to a floor measured in the same run."""
