"""What Slurm's command-line tools print of a site, read into its records.

``scontrol -o show`` prints a line of ``Name=value`` for each; none of the values read here holds a
blank. ``sacctmgr -P`` puts a ``|`` between its fields and can put nothing else there (22.05).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from jupyterlab_batch.gateways.slurm.choices import MEBIBYTE
from jupyterlab_batch.gateways.slurm.site import (
    Association,
    Nodes,
    Partition,
    QualityOfService,
    Reserved,
    each_job,
    gpus_of,
    names_of,
)
from jupyterlab_batch.gateways.slurm.tables import SEPARATOR, duration_seconds
from jupyterlab_batch.gateways.slurm.transport import moment

NODES_FORMAT: Final = SEPARATOR.join(("%R", "%c", "%m", "%G", "%f"))
ASSOCIATION_FIELDS: Final = "cluster,defaultaccount,account,partition,qos,defaultqos"
QOS_FIELDS: Final = "name,description,maxwall"
_PAIR: Final = re.compile(r"(\w+)=(\S*)")
_PENDING: Final = re.compile(r"^Jobs pending:\s*(\d+)", re.MULTILINE)


def partitions(text: str) -> list[Partition]:
    """Read ``scontrol -o show partition``."""
    return [
        Partition(
            name=row["PartitionName"],
            is_default=row.get("Default") == "YES",
            is_up=row.get("State") == "UP",
            max_walltime_seconds=_seconds(row.get("MaxTime", "")),
            default_walltime_seconds=_seconds(row.get("DefaultTime", "").lower()),
            max_nodes=_number(row.get("MaxNodes", "")) or _number(row.get("TotalNodes", "")),
            total_cores=_number(row.get("TotalCPUs", "")),
            allowed_accounts=names_of(row.get("AllowAccounts", "")),
            denied_accounts=names_of(row.get("DenyAccounts", "")),
            allowed_qos=names_of(row.get("AllowQos", "")),
            denied_qos=names_of(row.get("DenyQos", "")),
            each_job=each_job(
                nodes=_number(row.get("MaxNodes", "")),
                cores=_number(row.get("MaxCPUsPerNode", "")),
                mebibytes=_number(row.get("MaxMemPerNode", "")),
            ),
        )
        for row in _lines(text)
        if row.get("PartitionName")
    ]


def nodes(text: str) -> list[Nodes]:
    """Read ``sinfo -h -e -o`` `NODES_FORMAT`: a row for each kind of node of a partition."""
    found = []
    for line in text.splitlines():
        name, cores, mebibytes, gres, features = line.split(SEPARATOR)
        found.append(
            Nodes(
                partitions=frozenset({name}),
                cores=int(cores.rstrip("+")),
                memory_bytes=int(mebibytes.rstrip("+")) * MEBIBYTE,
                gpus=gpus_of(gres),
                features=names_of(features),
            )
        )
    return found


def reservations(text: str) -> list[Reserved]:
    """Read ``scontrol -o show reservation``, whose times are as ``SLURM_TIME_FORMAT`` says."""
    return [
        Reserved(
            name=row["ReservationName"],
            partition=next(iter(names_of(row.get("PartitionName", ""))), None),
            starts_at=moment(_number(row.get("StartTime", ""))),
            ends_at=moment(_number(row.get("EndTime", ""))),
            nodes=_number(row.get("NodeCnt", "")),
            cores=_number(row.get("CoreCnt", "")),
            users=names_of(row.get("Users", "")),
            accounts=names_of(row.get("Accounts", "")),
        )
        for row in _lines(text)
        if row.get("ReservationName")
    ]


def associations(text: str, cluster_name: str | None) -> list[Association]:
    """Read ``sacctmgr -nP show user withassoc`` of one cluster."""
    found = []
    for line in text.splitlines():
        cluster, default_account, account, partition, qos, default_qos = line.split("|")
        if account and cluster_name in (None, cluster):
            found.append(
                Association(
                    account=account,
                    partition=partition or None,
                    qos=tuple(sorted(names_of(qos))),
                    default_qos=default_qos or None,
                    is_default=account == default_account,
                )
            )
    return found


def qualities(text: str) -> list[QualityOfService]:
    """Read ``sacctmgr -nP show qos``."""
    found = []
    for line in text.splitlines():
        name, _, rest = line.partition("|")
        title, _, limit = rest.rpartition("|")
        found.append(
            QualityOfService(name=name, title=title or name, max_walltime_seconds=_seconds(limit))
        )
    return found


def jobs_waiting(text: str) -> int | None:
    """Read ``sdiag``."""
    match = _PENDING.search(text)
    return int(match[1]) if match else None


def _lines(text: str) -> Iterator[dict[str, str]]:
    for line in text.splitlines():
        yield dict(_PAIR.findall(line))


def _number(text: str) -> int | None:
    return int(text) if text.isdigit() else None


def _seconds(text: str) -> int | None:
    seconds = duration_seconds(text)
    return None if seconds is None else int(seconds)
