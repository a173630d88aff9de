"""Submissions as a client sends them."""

from __future__ import annotations

from typing import Any


def submission(**spec: Any) -> dict[str, Any]:
    """Return a small command, with some parts of its spec replaced."""
    return {
        "gateway_id": "fake",
        "spec": {
            "name": "Count",
            "task": {"kind": "command", "argv": ["true"]},
            "resources": {"cores": 1, "memory_bytes": 2**20, "walltime_seconds": 60},
            **spec,
        },
    }


def resources(**given: Any) -> dict[str, Any]:
    return {"cores": 1, "memory_bytes": 2**20, "walltime_seconds": 60, **given}
