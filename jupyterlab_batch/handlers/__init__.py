"""Floor 3: parse, authorise, call a service, write."""
