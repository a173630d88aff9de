"""How many workers Dask Gateway gives of those that are asked for."""

from __future__ import annotations

import re
from typing import Final

from jupyterlab_batch.domain.problems import GatewayRefused
from jupyterlab_batch.gateways.clusters import Accepted, Wanted
from jupyterlab_batch.gateways.daskgateway.answers import Scaled

_LIMIT: Final = re.compile(r"resource limit of (\d+) workers")
NO_WORKER: Final = (
    "With these options the gateway gives no worker at all: a single one is over its limit for a "
    "cluster, of which the scheduler takes a part. Choose smaller workers."
)


def body_of(wanted: Wanted) -> tuple[str, dict[str, int]]:
    """Return the last word of the path, and what is sent there."""
    if wanted.adaptive:
        return "adapt", {"minimum": wanted.minimum, "maximum": wanted.maximum}
    return "scale", {"count": wanted.maximum}


def accepted_of(asked: Wanted, told: Scaled) -> Accepted:
    """Return what was made of a request; one that was reduced is none that failed.

    Raises
    ------
    GatewayRefused
        Workers were asked for, and there can be none.
    """
    if told.ok:
        return Accepted(wanted=asked, note=None)
    found = _LIMIT.search(told.msg or "")
    if found is None:
        return Accepted(wanted=asked, note=told.msg or "The gateway gives less than that.")
    limit = int(found[1])
    if limit == 0:
        raise GatewayRefused(NO_WORKER, field="spec.options")
    wanted = Wanted(
        minimum=min(asked.minimum, limit),
        maximum=min(asked.maximum, limit),
        adaptive=asked.adaptive,
    )
    workers = "1 worker" if limit == 1 else f"{limit} workers"
    return Accepted(wanted=wanted, note=f"Reduced to {workers}: more is over the gateway's limit.")
