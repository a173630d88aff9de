"""Floor 2: the use cases. Knows gateways only by their base."""
