"""Floor 1: one adapter for each batch system, and what all of them share."""
