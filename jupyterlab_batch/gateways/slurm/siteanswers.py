"""What slurmrestd answers of a site, read into its records: v0.0.38 to v0.0.45."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from jupyterlab_batch.gateways.slurm.answers import number, text
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
from jupyterlab_batch.gateways.slurm.transport import moment


def partitions(answers: Iterable[Mapping[str, Any]]) -> list[Partition]:
    """Read the partitions. v0.0.38 has all in one floor, later ones by subject."""
    return [
        _nested_partition(one) if "maximums" in one else _flat_partition(one)
        for one in answers
        if text(one["name"]) is not None
    ]


def _flat_partition(one: Mapping[str, Any]) -> Partition:
    return Partition(
        name=one["name"],
        is_default="default" in [str(flag).lower() for flag in one.get("flags") or []],
        is_up=text(one.get("state")) == "UP",
        max_walltime_seconds=_minutes(one.get("max_time_limit")),
        default_walltime_seconds=_minutes(one.get("default_time_limit")),
        max_nodes=_positive(one.get("maximum_nodes_per_job")) or _positive(one.get("total_nodes")),
        total_cores=number(one.get("total_cpus")),
        allowed_accounts=_names(one.get("allowed_accounts")),
        denied_accounts=_names(one.get("denied_accounts")),
        allowed_qos=_names(one.get("allowed_qos")),
        denied_qos=_names(one.get("denied_qos")),
        each_job=each_job(
            nodes=_positive(one.get("maximum_nodes_per_job")),
            cores=_positive(one.get("maximum_cpus_per_node")),
            mebibytes=_positive(one.get("maximum_memory_per_node")),
        ),
    )


def _nested_partition(one: Mapping[str, Any]) -> Partition:
    most, least, nodes = one["maximums"] or {}, one.get("defaults") or {}, one.get("nodes") or {}
    accounts, qos = one.get("accounts") or {}, one.get("qos") or {}
    state = (one.get("partition") or {}).get("state", "UP")  # v0.0.39 does not tell
    return Partition(
        name=one["name"],
        is_default="default" in [str(flag).lower() for flag in one.get("flags") or []],
        is_up="UP" in ([state] if isinstance(state, str) else state or []),
        max_walltime_seconds=_minutes(most.get("time")),
        default_walltime_seconds=_minutes(least.get("time")),
        max_nodes=_positive(most.get("nodes")) or _positive(nodes.get("total")),
        total_cores=number((one.get("cpus") or {}).get("total")),
        allowed_accounts=_names(accounts.get("allowed")),
        denied_accounts=_names(accounts.get("deny")),
        allowed_qos=_names(qos.get("allowed")),
        denied_qos=_names(qos.get("deny")),
        each_job=each_job(
            nodes=_positive(most.get("nodes")),
            cores=_positive(most.get("cpus_per_node")),
            mebibytes=_positive(most.get("partition_memory_per_node")),
        ),
    )


def nodes(answers: Iterable[Mapping[str, Any]]) -> list[Nodes]:
    """Read the nodes; v0.0.38 writes lists of names as text."""
    return [
        Nodes(
            partitions=_names(one.get("partitions")),
            cores=number(one.get("cpus")) or 0,
            memory_bytes=(number(one.get("real_memory")) or 0) * MEBIBYTE,
            gpus=gpus_of(text(one.get("gres")) or ""),
            features=_names(one.get("active_features")) or _names(one.get("features")),
        )
        for one in answers
    ]


def reservations(answers: Iterable[Mapping[str, Any]]) -> list[Reserved]:
    """Read the reservations."""
    return [
        Reserved(
            name=one["name"],
            partition=text(one.get("partition")) or None,
            starts_at=moment(number(one.get("start_time"))),
            ends_at=moment(number(one.get("end_time"))),
            nodes=number(one.get("node_count")),
            cores=number(one.get("core_count")),
            users=_names(one.get("users")),
            accounts=_names(one.get("accounts")),
        )
        for one in answers
        if text(one["name"]) is not None
    ]


def associations(answers: Iterable[Mapping[str, Any]], user_name: str) -> list[Association]:
    """Read the user's own associations."""
    return [
        Association(
            account=one["account"],
            partition=text(one.get("partition")) or None,
            qos=tuple(sorted(_names(one.get("qos")))),
            default_qos=text((one.get("default") or {}).get("qos")) or None,
            is_default=bool(one.get("is_default")),
        )
        for one in answers
        if text(one["account"]) is not None and text(one.get("user")) == user_name
    ]


def qualities(answers: Iterable[Mapping[str, Any]]) -> list[QualityOfService]:
    """Read the qualities of service; their times are in minutes."""
    found = []
    for one in answers:
        name = text(one["name"])
        if name is None:
            continue
        most = (one.get("limits") or {}).get("max") or {}
        per = (most.get("wall_clock") or {}).get("per") or {}
        title = text(one.get("description")) or name
        found.append(
            QualityOfService(name=name, title=title, max_walltime_seconds=_minutes(per.get("job")))
        )
    return found


def _names(value: object) -> frozenset[str]:
    if isinstance(value, str):
        return names_of(value)
    if isinstance(value, list):
        return frozenset(name for name in value if isinstance(name, str))
    return frozenset()


def _positive(value: object) -> int | None:
    found = number(value)
    return found if found is not None and found > 0 else None


def _minutes(value: object) -> int | None:
    minutes = _positive(value)
    return None if minutes is None else minutes * 60
