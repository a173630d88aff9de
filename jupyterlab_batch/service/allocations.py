"""What the user may use of a batch system."""

from __future__ import annotations

import logging

from jupyterlab_batch.domain.generated import AllocationList
from jupyterlab_batch.domain.problems import BatchProblem
from jupyterlab_batch.service.asking import question
from jupyterlab_batch.service.gateways import Gateways

_log = logging.getLogger(__name__)


async def allocations_of(
    gateways: Gateways, gateway_id: str, *, fresh: bool = False
) -> AllocationList:
    """Return the user's limits and what is used of them; a gateway that is down says only that.

    Raises
    ------
    UnknownGateway
    """
    gateway = gateways.get(gateway_id)
    try:
        return await question(gateway, gateway.allocations(fresh=fresh))
    except BatchProblem as problem:
        missing = problem.message
    except Exception:
        # An adapter may be a stranger's.
        _log.exception("Gateway %s cannot say what may be used", gateway_id)
        missing = f"{gateway.title} made a mistake, and did not say what you may use."
    return AllocationList(allocations=[], as_of=None, missing=missing)
