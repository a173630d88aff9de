"""The Python client, the magics and the examples."""
