"""What a job takes of the user's balances, and whether they leave so much."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from jupyterlab_batch.domain.arrays import array_of, array_size
from jupyterlab_batch.domain.asked import gpus_of, nodes_of, placement_of, processes_of
from jupyterlab_batch.domain.generated import Allocation, Issue, JobSpec
from jupyterlab_batch.gateways.charge import Charge
from jupyterlab_batch.gateways.slurm.balances import (
    EACH_NODE,
    Balances,
    holding,
    left_of,
    lineage_of,
    said,
    where,
    whom,
)
from jupyterlab_batch.gateways.slurm.choices import MEBIBYTE
from jupyterlab_batch.gateways.slurm.refusals import CORES, GPUS, MEMORY, NODES, WALLTIME
from jupyterlab_batch.gateways.slurm.transport import Cluster

GIBIBYTE: Final = 1024 * MEBIBYTE
_FIELDS: Final = {"cpu": CORES, "gres/gpu": GPUS, "mem": MEMORY, "node": NODES}
_HOURS: Final = frozenset(
    {"core_hours", "gpu_hours", "node_hours", "gigabyte_hours", "hours", "unit_hours"}
)


class Need(msgspec.Struct, frozen=True, kw_only=True):
    """What one task takes at a time, in Slurm's own names, and for how long at most."""

    amounts: dict[str, float]
    """Memory in bytes."""
    on_node: dict[str, float]
    """Of one node, at least."""
    hours: float
    tasks: int

    def of(self, one: Allocation) -> float:
        """Return what one task takes of an allocation, in its unit."""
        if one.resource == "wall":
            return self.hours
        amounts = self.on_node if one.limit == EACH_NODE else self.amounts
        amount = amounts.get(one.resource, 0.0)
        if one.unit == "gigabyte_hours":
            return amount / GIBIBYTE * self.hours
        return amount * self.hours if one.unit in _HOURS else amount


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """To what a job is charged and where it runs."""

    account: str | None
    qos: str | None
    queue: str | None


def place_of(spec: JobSpec, cluster: Cluster) -> Place:
    """Return what a job names, or else what Slurm takes where that is known."""
    asked, site = placement_of(spec), cluster.site
    account = asked.account or site.default_account
    default = next((one.name for one in site.qos if one.default), None)
    return Place(
        account=account,
        qos=asked.qos or (default if account == site.default_account else None),
        queue=asked.queue or next((one.name for one in cluster.queues if one.default), None),
    )


def need_of(spec: JobSpec, balances: Balances, place: Place) -> Need:
    """Return what a job asks for, as Slurm counts it."""
    asked, array = spec.resources, array_of(spec)
    nodes = nodes_of(asked) or 1
    amounts: dict[str, float] = {
        "cpu": asked.cores * processes_of(asked),
        "mem": asked.memory_bytes * nodes,
        "gres/gpu": gpus_of(asked) * nodes,
        "node": nodes,
    }
    amounts["billing"] = _billed(amounts, balances, place)
    minutes = -(-asked.walltime_seconds // 60)
    # Without a number of nodes each process may get one of its own.
    together = -(-processes_of(asked) // nodes) if nodes_of(asked) else 1
    return Need(
        amounts=amounts,
        on_node={
            "cpu": asked.cores * together,
            "mem": asked.memory_bytes,
            "gres/gpu": gpus_of(asked),
        },
        hours=minutes / 60,
        tasks=1 if array is None else array_size(array),
    )


def _billed(amounts: dict[str, float], balances: Balances, place: Place) -> float:
    weights = balances.terms.weights.get(place.queue or "")
    if weights is None:
        return amounts["cpu"]
    plain = {**amounts, "mem": amounts["mem"] / MEBIBYTE}
    parts = [weight * plain.get(name, 0.0) for name, weight in weights.items()]
    return max(parts, default=0.0) if balances.terms.is_greatest_billed else sum(parts)


def charge_of(spec: JobSpec, balances: Balances, place: Place) -> Charge | None:
    """Return what all of a job may take of the balance that it presses most.

    Core-hours where nothing is limited; ``None`` where nobody is charged.
    """
    if balances.as_of is None or (not balances.allocations and balances.missing is not None):
        return None
    need = need_of(spec, balances, place)
    best: tuple[float, Allocation] | None = None
    limits = [one for one in concerning(balances, place) if one.granted is not None]
    for one in limits:
        left, taken = left_of(one), need.of(one) * need.tasks
        if one.period not in ("total", "fading") or left is None or taken <= 0:
            continue
        part = taken / max(left, 1e-9)
        if best is None or part > best[0]:
            best = part, one
    if best is None:
        hours = need.amounts["cpu"] * need.hours * need.tasks
        return Charge(at_most=hours, unit="core_hours", left=None, limits=limits)
    at_most = need.of(best[1]) * need.tasks
    return Charge(at_most=at_most, unit=best[1].unit, left=best[1], limits=limits)


def concerning(balances: Balances, place: Place) -> Iterator[Allocation]:
    """Yield the limits that hold for a job of an account, in a QOS and that of its partition."""
    above = lineage_of(place.account, balances.parents)
    qualities = {place.qos, balances.terms.partition_qos.get(place.queue or "")}
    for one in holding(balances, place.queue, place.account):
        if one.qos is not None:
            is_ours = one.qos in qualities and one.account in (None, place.account)
        else:
            is_ours = one.account in above and (one.user is None or one.account == place.account)
        if is_ours:
            yield one


def balance_issues(spec: JobSpec, balances: Balances, place: Place) -> Iterator[Issue]:
    """Say of each limit that leaves less than a job asks for. It may be tried all the same."""
    need = need_of(spec, balances, place)
    for one in concerning(balances, place):
        text = _over(one, need)
        if text is not None:
            field = WALLTIME if one.unit in _HOURS else _FIELDS.get(one.resource, CORES)
            yield Issue(
                field_="spec.array" if one.unit == "submitted_jobs" and need.tasks > 1 else field,
                severity="warning",
                code="over_allocation",
                message=f"{text} Slurm calls this limit {one.limit}.",
                limit=None,
            )


def _over(one: Allocation, need: Need) -> str | None:
    """Say how much too much is asked for; ``None`` if it is not."""
    if one.granted is None or one.unit == "jobs" or (one.qos and one.limit == "MaxWallPJ"):
        return None  # the last is said of the QOS already, where nobody need ask for balances
    if one.unit == "submitted_jobs":
        return _over_jobs(one, need)
    taken, who = need.of(one), whom(one)
    if one.period == "each_job" and taken > one.granted:
        return (
            f"{where(one)} {who} may use {said(one.granted, one.unit)}; this asks for "
            f"{said(taken, one.unit)} and would never start."
        )
    if one.period == "at_once" and taken > one.granted:
        return (
            f"At a time {who} may use {said(one.granted, one.unit)}; this asks for "
            f"{said(taken, one.unit)} and would never start."
        )
    left = left_of(one)
    if one.period not in ("total", "fading") or left is None or taken * need.tasks <= left:
        return None
    all_of_it = said(taken * need.tasks, one.unit)
    then = "It would wait" if taken > left else "Not all of its tasks would start"
    return (
        f"Of the {said(one.granted, one.unit)} that {who} may use, {said(max(left, 0), one.unit)} "
        f"are left; this may take {all_of_it}. {then} until there is more. Ask for less time, or "
        "choose another account."
    )


def _over_jobs(one: Allocation, need: Need) -> str | None:
    left = left_of(one)
    if left is None or need.tasks <= left or one.granted is None:
        return None
    return (
        f"At a time {whom(one)} may have {one.granted:,.0f} jobs waiting and running, each task "
        f"counted; {max(left, 0):,.0f} more fit, and this is {need.tasks:,}. Slurm would refuse it."
    )
