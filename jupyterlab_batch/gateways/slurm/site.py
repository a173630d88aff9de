"""What a site has to choose from, put together from what Slurm says in several answers.

`sitetables` reads it from the command-line tools, `siteanswers` from slurmrestd. All of it is as
large as the cluster and the user's own associations, whatever is in the queue.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

import msgspec

from jupyterlab_batch.domain.generated import (
    GpuKind,
    OptionalField,
    Qos,
    Queue,
    Reservation,
    Site,
)
from jupyterlab_batch.gateways.slurm.choices import MEBIBYTE
from jupyterlab_batch.gateways.slurm.options import PASSED_ON

PLACES: Final[list[OptionalField]] = [
    "placement.qos",
    "placement.reservation",
    "placement.begin_at",
    "placement.features",
    "resources.nodes",
    "resources.processes",
    "resources.scratch_bytes",
]
"""What Slurm itself honours; environments are set up by our wrapper."""
NOTHING_KNOWN: Final = Site(
    as_of=None,
    accepts=PLACES,
    native=sorted(PASSED_ON),
    default_account=None,
    qos=[],
    reservations=[],
    features=[],
    jobs_waiting=None,
)


class Partition(msgspec.Struct, frozen=True, kw_only=True):
    """One partition. Empty lists of what is allowed mean all, as in Slurm."""

    name: str
    is_default: bool
    is_up: bool
    max_walltime_seconds: int | None
    default_walltime_seconds: int | None
    max_nodes: int | None
    total_cores: int | None
    allowed_accounts: frozenset[str] = frozenset()
    denied_accounts: frozenset[str] = frozenset()
    allowed_qos: frozenset[str] = frozenset()
    denied_qos: frozenset[str] = frozenset()
    each_job: Mapping[str, int] = msgspec.field(default_factory=dict)
    """What `each_job` returns: beside the time, what a job gets at most there."""


class Nodes(msgspec.Struct, frozen=True, kw_only=True):
    """One node, or some that are alike."""

    partitions: frozenset[str]
    cores: int
    memory_bytes: int
    gpus: dict[str | None, int]
    """How many of each type one node has."""
    features: frozenset[str]


class Association(msgspec.Struct, frozen=True, kw_only=True):
    """That the user may charge an account, in one partition or in all."""

    account: str
    partition: str | None
    qos: tuple[str, ...]
    default_qos: str | None
    is_default: bool


class QualityOfService(msgspec.Struct, frozen=True, kw_only=True):
    """One QOS of the cluster, whoever may use it."""

    name: str
    title: str
    max_walltime_seconds: int | None


class Reserved(msgspec.Struct, frozen=True, kw_only=True):
    """One reservation, whoever may use it."""

    name: str
    partition: str | None
    starts_at: datetime | None
    ends_at: datetime | None
    nodes: int | None
    cores: int | None
    users: frozenset[str]
    accounts: frozenset[str]


class Accounting(msgspec.Struct, frozen=True, kw_only=True):
    """What slurmdbd says of the user."""

    associations: list[Association] = msgspec.field(default_factory=list)
    qos: list[QualityOfService] = msgspec.field(default_factory=list)

    @property
    def accounts(self) -> list[str]:
        """The accounts that the user may charge."""
        return sorted({one.account for one in self.associations})

    @property
    def default_account(self) -> str | None:
        """The account that is charged if a job names none."""
        return next((one.account for one in self.associations if one.is_default), None)


def queues_of(
    partitions: Iterable[Partition], nodes: Sequence[Nodes], accounting: Accounting
) -> list[Queue]:
    """Describe the partitions, for this user."""
    own_accounts, own_qos = accounting.accounts, [one.name for one in _own_qos(accounting)]
    return [
        Queue(
            name=one.name,
            title=one.name,
            max_walltime_seconds=one.max_walltime_seconds,
            default_walltime_seconds=one.default_walltime_seconds,
            max_cores=_of_node(
                [group.cores for group in _of(one, nodes)], one.each_job.get("MaxCPUsPerNode")
            ),
            max_memory_bytes=_of_node(
                [group.memory_bytes for group in _of(one, nodes)],
                one.each_job.get("MaxMemPerNode"),
            ),
            max_nodes=one.max_nodes,
            total_cores=one.total_cores,
            gpus=_gpus(_of(one, nodes)),
            features=_features(_of(one, nodes)),
            accounts=_admitted(own_accounts, one.allowed_accounts, one.denied_accounts),
            qos=_admitted(own_qos, one.allowed_qos, one.denied_qos),
            is_open=one.is_up,
            default=one.is_default,
        )
        for one in partitions
    ]


def each_job(*, nodes: int | None, cores: int | None, mebibytes: int | None) -> dict[str, int]:
    """Return limits of a partition, 0 and ``None`` being none, by their names in ``slurm.conf``.

    ``MaxNodes``, and of a node ``MaxCPUsPerNode`` and ``MaxMemPerNode``, the last in bytes.
    """
    told = {
        "MaxNodes": nodes,
        "MaxCPUsPerNode": cores,
        "MaxMemPerNode": mebibytes and mebibytes * MEBIBYTE,
    }
    return {name: most for name, most in told.items() if most}


def _of_node(amounts: Iterable[int], most: int | None) -> int | None:
    """Return what a job can get of the largest node; ``None`` if the nodes are not known."""
    largest = max(amounts, default=None)
    return largest if largest is None or most is None else min(largest, most)


def site_of(
    nodes: Sequence[Nodes],
    reservations: Iterable[Reserved],
    accounting: Accounting,
    *,
    user_name: str,
    accepts: list[OptionalField],
    native: list[str],
    jobs_waiting: int | None,
    as_of: datetime,
) -> Site:
    """Describe what else there is, for this user."""
    return Site(
        as_of=as_of,
        accepts=accepts,
        native=native,
        default_account=accounting.default_account,
        qos=_own_qos(accounting),
        reservations=[
            Reservation(
                name=one.name,
                queue=one.partition,
                starts_at=one.starts_at,
                ends_at=one.ends_at,
                nodes=one.nodes,
                cores=one.cores,
            )
            for one in reservations
            if _may_use(one, user_name, accounting)
        ],
        features=_features(nodes),
        jobs_waiting=jobs_waiting,
    )


def names_of(text: str) -> frozenset[str]:
    """Read a list of names as Slurm writes it, with a word for none or all."""
    names = {name.strip() for name in text.split(",")}
    return frozenset(names - {"", "ALL", "(null)", "N/A", "none"})


def gpus_of(gres: str) -> dict[str | None, int]:
    """Read the GPUs of a node: ``gpu:a100:2(S:0-1),shard:8`` has two of type a100.

    >>> gpus_of("gpu:a100:2(S:0-1),gpu:4,license:1")
    {'a100': 2, None: 4}
    """
    found: dict[str | None, int] = {}
    for part in _outside_parentheses(gres).split(","):
        name, *rest = part.split(":")
        if name == "gpu" and rest and rest[-1].isdigit():
            kind = rest[0] if len(rest) > 1 else None
            found[kind] = found.get(kind, 0) + int(rest[-1])
    return found


def _outside_parentheses(text: str) -> str:
    kept, depth = "", 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if depth == 0 and character != ")":
            kept += character
    return kept


def _of(partition: Partition, nodes: Iterable[Nodes]) -> list[Nodes]:
    return [group for group in nodes if partition.name in group.partitions]


def _gpus(nodes: Iterable[Nodes]) -> list[GpuKind]:
    most: dict[str | None, int] = {}
    for group in nodes:
        for kind, count in group.gpus.items():
            most[kind] = max(count, most.get(kind, 0))
    return [
        GpuKind(type=kind, max_per_node=count)
        for kind, count in sorted(most.items(), key=lambda item: item[0] or "")
    ]


def _features(nodes: Iterable[Nodes]) -> list[str]:
    return sorted({name for group in nodes for name in group.features})


def _admitted(own: list[str], allowed: frozenset[str], denied: frozenset[str]) -> list[str] | None:
    """Return which of the user's own are let in; ``None`` if the partition lets in all."""
    if not allowed and not denied:
        return None
    return [name for name in own if name not in denied and (not allowed or name in allowed)]


def _own_qos(accounting: Accounting) -> list[Qos]:
    described = {one.name: one for one in accounting.qos}
    names = {name for one in accounting.associations for name in one.qos}
    default = next((one.default_qos for one in accounting.associations if one.is_default), None)
    return [
        Qos(
            name=name,
            title=described[name].title if name in described else name,
            accounts=sorted({one.account for one in accounting.associations if name in one.qos}),
            max_walltime_seconds=(
                described[name].max_walltime_seconds if name in described else None
            ),
            default=name == default,
        )
        for name in sorted(names)
    ]


def _may_use(one: Reserved, user_name: str, accounting: Accounting) -> bool:
    """Tell whether a reservation is for the user; one that is for a group may be, who knows.

    A name with a minus in front is one that is kept out.
    """
    names = one.users | one.accounts
    if user_name in one.users or one.accounts & set(accounting.accounts):
        return True
    kept_out = {f"-{name}" for name in (user_name, *accounting.accounts)} & names
    return not kept_out and all(name.startswith("-") for name in names)
