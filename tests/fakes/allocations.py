"""Balances for tests."""

from __future__ import annotations

from datetime import datetime, timezone

from jupyterlab_batch.domain.generated import Allocation


def core_hours(granted: float | None = 100.0, used: float | None = 40.0) -> Allocation:
    """Return what an account may use."""
    return Allocation(
        gateway_id="fake",
        account="astro",
        user=None,
        qos=None,
        resource="cpu",
        unit="core_hours",
        limit="GrpTRESMins",
        granted=granted,
        used=used,
        reserved=10.0,
        as_of=datetime.now(timezone.utc),
        period="fading",
        queue=None,
        queues=[],
        half_life_seconds=604800.0,
        enforced_by="scheduler",
        source="a test",
    )
