"""Floor 0: what everything is made of. Knows nobody."""
