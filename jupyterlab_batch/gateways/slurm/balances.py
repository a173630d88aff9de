"""Slurm's limits with what is used of them, in our words and units."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

import msgspec

from jupyterlab_batch.domain.generated import Allocation, AllocationPeriod, AllocationUnit
from jupyterlab_batch.gateways.slurm.choices import MEBIBYTE

EACH_NODE: Final = "MaxTRESPN"
"""The limit of what a job takes of one node."""
EACH_JOB: Final = frozenset({"MaxTRESPJ", "MaxTRESMinsPJ", "MaxWallPJ", EACH_NODE})
"""Limits of a single job, of which nothing is ever used."""
MINUTES: Final = frozenset({"GrpTRESMins", "GrpTRESRunMins", "MaxTRESMinsPJ"})
ADDED_UP: Final = frozenset({"GrpTRESMins", "GrpWall"})
"""Limits of all that was ever used."""

_UNITS: Final[dict[str, tuple[AllocationUnit, AllocationUnit]]] = {
    "cpu": ("cores", "core_hours"),
    "gres/gpu": ("gpus", "gpu_hours"),
    "node": ("nodes", "node_hours"),
    "mem": ("bytes", "gigabyte_hours"),
    "jobs": ("jobs", "jobs"),
    "submitted_jobs": ("submitted_jobs", "submitted_jobs"),
    "wall": ("hours", "hours"),
}
_WORDS: Final[dict[AllocationUnit, str]] = {
    "cores": "cores",
    "core_hours": "core-hours",
    "gpus": "GPUs",
    "gpu_hours": "GPU-hours",
    "nodes": "nodes",
    "node_hours": "node-hours",
    "gigabyte_hours": "GB-hours of memory",
    "jobs": "jobs",
    "submitted_jobs": "submitted jobs",
    "hours": "hours",
    "units": "units",
    "unit_hours": "unit-hours",
}
_OTHER: Final[tuple[AllocationUnit, AllocationUnit]] = ("units", "unit_hours")


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """Whose a limit is: an account's, a user's in an account, or a QOS's, or a part of that."""

    account: str | None = None
    user: str | None = None
    qos: str | None = None
    partition: str | None = None
    """Of an association that counts in one partition alone, in place of the user's other one."""


class Limited(msgspec.Struct, frozen=True, kw_only=True):
    """One limit in Slurm's own units: minutes, and of memory MiB."""

    holder: Holder
    limit: str
    resource: str
    granted: int | None
    used: float | None
    source: str


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """How Slurm counts."""

    half_life_seconds: float | None = None
    """Of what was used; 0 if it does not fade, ``None`` if nobody tells."""
    lasting_qos: frozenset[str] = frozenset()
    """Those whose use does not fade."""
    weights: Mapping[str, Mapping[str, float]] = msgspec.field(default_factory=dict)
    """What a unit of each resource is billed in each partition; none where it is one for a core."""
    partition_qos: Mapping[str, str] = msgspec.field(default_factory=dict)
    """The QOS whose limits hold in a partition, beside those of the job's own."""
    is_greatest_billed: bool = False
    """Only the greatest of them is billed, not their sum."""


class Balances(msgspec.Struct, frozen=True, kw_only=True):
    """All that is known of the user's limits."""

    allocations: Sequence[Allocation] = ()
    in_partition: Mapping[tuple[str, str], Sequence[Allocation]] = msgspec.field(
        default_factory=dict
    )
    """The user's own in a partition and an account, where they are others there."""
    parents: Mapping[str, str] = msgspec.field(default_factory=dict)
    """The account above each account."""
    fair_shares: Mapping[str, float] = msgspec.field(default_factory=dict)
    """The user's factor in each account, from 0 to 1; none where it does not count."""
    terms: Terms = msgspec.field(default_factory=Terms)
    as_of: datetime | None = None
    missing: str | None = None
    """What is not known, and why."""

    @property
    def rows(self) -> list[Allocation]:
        """All of them, those of single partitions at the end."""
        return [*self.allocations, *(one for some in self.in_partition.values() for one in some)]


def unit_of(limit: str, resource: str) -> AllocationUnit:
    """Return in what a limit of a resource is told."""
    kind = "gres/gpu" if resource.startswith("gres/gpu:") else resource
    plain, hours = _UNITS.get(kind, _OTHER)
    return hours if limit in MINUTES else plain


def allocations_of(
    limits: Iterable[Limited], terms: Terms, *, gateway_id: str, as_of: datetime
) -> list[Allocation]:
    """Return the limits that there are, and what was used without one."""
    known = list(limits)
    running = {
        (one.holder, one.resource): one.used for one in known if one.limit == "GrpTRESRunMins"
    }
    return [
        _allocation(one, terms, running.get((one.holder, one.resource)), gateway_id, as_of)
        for one in known
        if one.granted is not None or _is_worth_telling(one)
    ]


def _in_partitions(
    limits: Iterable[Limited], terms: Terms, *, gateway_id: str, as_of: datetime
) -> dict[tuple[str, str], list[Allocation]]:
    """Return the limits of associations of single partitions; those without any are there too."""
    found: dict[tuple[str, str], list[Limited]] = {}
    for one in limits:
        if one.holder.partition and one.holder.account:
            found.setdefault((one.holder.partition, one.holder.account), []).append(one)
    return {
        where: [
            one
            for one in allocations_of(some, terms, gateway_id=gateway_id, as_of=as_of)
            if one.granted is not None
        ]
        for where, some in found.items()
    }


def balances_of(
    limits: Sequence[Limited],
    terms: Terms,
    *,
    gateway_id: str,
    as_of: datetime,
    parents: Mapping[str, str],
    missing: str | None,
    fair_shares: Mapping[str, float] | None = None,
) -> Balances:
    """Put together what was read: the limits of single partitions stand by themselves."""
    everywhere = [one for one in limits if not one.holder.partition]
    return Balances(
        allocations=allocations_of(everywhere, terms, gateway_id=gateway_id, as_of=as_of),
        in_partition=_in_partitions(limits, terms, gateway_id=gateway_id, as_of=as_of),
        parents=parents,
        fair_shares=fair_shares or {},
        terms=terms,
        as_of=as_of,
        missing=missing,
    )


def holding(balances: Balances, partition: str | None, account: str | None) -> list[Allocation]:
    """Return the limits that may hold for a job of an account in a partition."""
    own = balances.in_partition.get((partition or "", account or ""))
    if own is None:
        return list(balances.allocations)
    others = [
        one
        for one in balances.allocations
        if one.user is None or one.qos is not None or one.account != account
    ]
    return [*own, *others]


def _is_worth_telling(one: Limited) -> bool:
    """Tell whether what was used is told although it is not limited: that of the user's account."""
    is_main = one.limit == "GrpTRESMins" and one.resource in ("cpu", "gres/gpu")
    return is_main and bool(one.used) and one.holder.account is not None and one.holder.qos is None


def _allocation(
    one: Limited, terms: Terms, running: float | None, gateway_id: str, as_of: datetime
) -> Allocation:
    unit = unit_of(one.limit, one.resource)
    factor = _factor(one.limit, unit)
    period, half_life = _period(one, terms)
    return Allocation(
        gateway_id=gateway_id,
        account=one.holder.account,
        user=one.holder.user,
        qos=one.holder.qos,
        queue=one.holder.partition,
        queues=[name for name, qos in terms.partition_qos.items() if qos == one.holder.qos],
        resource=one.resource,
        unit=unit,
        limit=one.limit,
        granted=None if one.granted is None else one.granted * factor,
        used=None if one.used is None else one.used * factor,
        reserved=running * factor if one.limit == "GrpTRESMins" and running is not None else None,
        as_of=as_of,
        period=period,
        half_life_seconds=half_life,
        enforced_by="scheduler",
        source=one.source,
    )


def _factor(limit: str, unit: AllocationUnit) -> float:
    """Return how much of our unit is one of Slurm's."""
    if unit == "bytes":
        return MEBIBYTE
    if unit == "gigabyte_hours":
        return 1 / 60 / 1024
    return 1 / 60 if limit in MINUTES or unit == "hours" else 1


def _period(one: Limited, terms: Terms) -> tuple[AllocationPeriod, float | None]:
    if one.limit in EACH_JOB:
        return "each_job", None
    if one.limit not in ADDED_UP:
        return "at_once", None
    if one.holder.qos in terms.lasting_qos or terms.half_life_seconds == 0:
        return "total", None
    return "fading", terms.half_life_seconds


def left_of(one: Allocation) -> float | None:
    """Return what is left; ``None`` if there is no limit or nobody knows what is used."""
    if one.granted is None or (one.used is None and one.period != "each_job"):
        return None
    return one.granted - (one.used or 0) - (one.reserved or 0)


def lineage_of(account: str | None, parents: Mapping[str, str]) -> list[str]:
    """Return an account and those above it."""
    found: list[str] = []
    while account and account not in found:
        found.append(account)
        account = parents.get(account)
    return found


def whom(one: Allocation) -> str:
    """Say who may use an allocation."""
    quality = f"the quality of service {one.qos}"
    if one.user is not None:
        return f"you with {quality}" if one.qos else f"you in the account {one.account}"
    if one.account is not None:
        return f"the account {one.account}" + (f" with {quality}" if one.qos else "")
    return quality


def where(one: Allocation) -> str:
    """Say within what a limit of each job holds."""
    return "On one node" if one.limit == EACH_NODE else "In one job"


def said(amount: float, unit: AllocationUnit) -> str:
    """Say an amount with its unit, rounded to what one can see.

    >>> said(1.25, "core_hours"), said(1, "cores"), said(3 * 2**30, "bytes")
    ('1.25 core-hours', '1 core', '3 GB of memory')
    """
    if unit == "bytes":
        return f"{_round(amount / (1024 * MEBIBYTE))} GB of memory"
    number = _round(amount)
    words = re.sub(r"s\b", "", _WORDS[unit]) if number == "1" else _WORDS[unit]
    return f"{number} {words}"


def _round(amount: float) -> str:
    digits = 2 if abs(amount) < 10 else 1 if abs(amount) < 1000 else 0
    text = f"{amount:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
