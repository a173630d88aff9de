"""What a partition lets each job have, as rows beside those of accounts and QOS."""

from __future__ import annotations

from typing import Final

from jupyterlab_batch.domain.generated import Allocation, AllocationUnit
from jupyterlab_batch.gateways.slurm.transport import Cluster

_KINDS: Final[dict[str, tuple[str, AllocationUnit]]] = {
    "MaxTime": ("wall", "hours"),
    "MaxNodes": ("node", "nodes"),
    "MaxCPUsPerNode": ("cpu", "cores"),
    "MaxMemPerNode": ("mem", "bytes"),
}


def partition_limits(name: str | None, cluster: Cluster, gateway_id: str) -> list[Allocation]:
    """Return the limits of one partition; none while nobody knows it."""
    as_of = cluster.site.as_of
    one = next((one for one in cluster.partitions if one.name == name), None)
    if one is None or as_of is None:
        return []
    found = []
    time = {"MaxTime": one.max_walltime_seconds} if one.max_walltime_seconds else {}
    for limit, most in {**time, **one.each_job}.items():
        resource, unit = _KINDS[limit]
        found.append(
            Allocation(
                gateway_id=gateway_id,
                account=None,
                user=None,
                qos=None,
                queue=one.name,
                queues=[],
                resource=resource,
                unit=unit,
                limit=limit,
                granted=most / 3600 if unit == "hours" else most,
                used=None,
                reserved=None,
                as_of=as_of,
                period="each_job",
                half_life_seconds=None,
                enforced_by="scheduler",
                source="partition",
            )
        )
    return found
