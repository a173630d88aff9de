"""Floor 1: what the server remembers. The only SQL."""
