"""Balances by slurmrestd: limits and, where it has ``shares``, what is used of the minutes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any, Final

from msgspec.structs import replace

from jupyterlab_batch.gateways.slurm.answers import number, text
from jupyterlab_batch.gateways.slurm.balances import (
    Balances,
    Holder,
    Limited,
    Terms,
    balances_of,
)
from jupyterlab_batch.gateways.slurm.clibalances import NO_DATABASE
from jupyterlab_batch.gateways.slurm.http import RestClient
from jupyterlab_batch.gateways.slurm.restcluster import own_associations

NOT_USED: Final = (
    "This slurmrestd tells limits, but not what is used of them. Slurm's command-line tools do."
)
ONLY_MINUTES: Final = (
    "slurmrestd does not tell what is used at a time. Slurm's command-line tools do."
)
_SOURCE: Final = "slurmdb/v0.0.{version}/associations"
_SHARES: Final = "slurm/v0.0.{version}/shares"
_QOS: Final = "slurmdb/v0.0.{version}/qos"

Path = tuple[str, ...]
_OF_ASSOCIATION: Final[dict[str, Path]] = {
    "GrpTRES": ("max", "tres", "total"),
    "GrpTRESMins": ("max", "tres", "group", "minutes"),
    "GrpTRESRunMins": ("max", "tres", "group", "active"),
    "MaxTRESPJ": ("max", "tres", "per", "job"),
    "MaxTRESPN": ("max", "tres", "per", "node"),
    "MaxTRESMinsPJ": ("max", "tres", "minutes", "per", "job"),
    "GrpJobs": ("max", "jobs", "per", "count"),
    "GrpSubmitJobs": ("max", "jobs", "per", "submitted"),
    "GrpWall": ("max", "per", "account", "wall_clock"),
    "MaxJobs": ("max", "jobs", "active"),
    "MaxSubmitJobs": ("max", "jobs", "total"),
    "MaxWallPJ": ("max", "jobs", "per", "wall_clock"),
}
_OF_QOS: Final[dict[str, Path]] = {
    "GrpTRES": ("max", "tres", "total"),
    "GrpTRESMins": ("max", "tres", "minutes", "per", "qos"),
    "MaxTRESPJ": ("max", "tres", "per", "job"),
    "MaxTRESPN": ("max", "tres", "per", "node"),
    "MaxTRESMinsPJ": ("max", "tres", "minutes", "per", "job"),
    "GrpJobs": ("max", "active_jobs", "count"),
    "GrpWall": ("max", "wall_clock", "per", "qos"),
    "MaxWallPJ": ("max", "wall_clock", "per", "job"),
}
_OF_QOS_USER: Final[dict[str, Path]] = {
    "MaxTRESPU": ("max", "tres", "per", "user"),
    "MaxJobsPU": ("max", "jobs", "active_jobs", "per", "user"),
    "MaxSubmitJobsPU": ("max", "jobs", "per", "user"),
}


async def read_balances(
    client: RestClient,
    gateway_id: str,
) -> Balances:
    """Ask for the limits of the user, of the user's accounts with those above them, and of the QOS.

    Raises
    ------
    GatewayUnreachable, NotSignedIn
    """
    version = await client.version()
    as_of = datetime.now(timezone.utc)
    if not client.has_database:
        return Balances(as_of=as_of, missing=NO_DATABASE)
    user_name = await client.user_name()
    mine = await own_associations(client, user_name)
    above = await _above(client, mine)
    qualities = (await client.slurmdb("qos")).body
    limits = [
        *association_limits([*mine, *above], user_name, version),
        *qos_limits(qualities.get("qos") or qualities.get("QOS") or [], user_name, version),
    ]
    fair_shares: dict[str, float] = {}
    if client.has_shares:
        accounts = sorted({one["account"] for one in [*mine, *above]})
        # Not of all users of the accounts, who may be thousands.
        asked = {"accounts": ",".join(accounts), "users": user_name}
        reply = await client.slurm("GET", "shares", params=asked)
        used = shares_of(reply.body, user_name)
        fair_shares = fair_shares_of(reply.body, user_name)
        limits = with_use(limits, used, _SHARES.format(version=version))
    return balances_of(
        limits,
        Terms(partition_qos=await _partition_qos(client)),
        gateway_id=gateway_id,
        as_of=as_of,
        parents={one["account"]: text(one.get("parent_account")) or "" for one in above},
        fair_shares=fair_shares,
        missing=ONLY_MINUTES if client.has_shares else NOT_USED,
    )


async def _partition_qos(client: RestClient) -> dict[str, str]:
    """Ask which QOS limits each partition; v0.0.38 says it in one word."""
    found = {}
    for one in (await client.slurm("GET", "partitions")).body.get("partitions") or []:
        told = one.get("qos")
        name, qos = (
            text(one.get("name")),
            text(told.get("assigned") if isinstance(told, Mapping) else told),
        )
        if name and qos:
            found[name] = qos
    return found


async def _above(client: RestClient, mine: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Ask for the user's accounts and those above them, each once: deep trees end somewhere."""
    found: dict[str, Mapping[str, Any]] = {}
    for one in mine:
        cluster, account = text(one.get("cluster")) or "", text(one.get("account"))
        while account and account not in found and len(found) < 50:
            which = {"cluster": cluster, "account": account, "user": ""}
            reply = await client.slurmdb("association", params=which)
            told = reply.body.get("associations") or []
            shared = next((each for each in told if not text(each.get("user"))), None)
            if shared is None:
                break
            found[account] = shared
            account = text(shared.get("parent_account"))
    return list(found.values())


def association_limits(
    answers: Iterable[Mapping[str, Any]], user_name: str, version: int
) -> Iterator[Limited]:
    """Read associations; those of accounts hold what each user is given besides: not theirs."""
    for one in answers:
        account, user = text(one.get("account")), text(one.get("user"))
        if not account or user not in (None, "", user_name):
            continue
        partition = text(one.get("partition")) or None
        holder = Holder(account=account, user=user_name if user else None, partition=partition)
        source = _SOURCE.format(version=version)
        for limited in _limits(one, holder, _OF_ASSOCIATION, source):
            if user or limited.limit.startswith("Grp"):
                yield limited


def qos_limits(
    answers: Iterable[Mapping[str, Any]], user_name: str, version: int
) -> Iterator[Limited]:
    """Read qualities of service."""
    source = _QOS.format(version=version)
    for one in answers:
        name, limits = text(one.get("name")), one.get("limits")
        if name and isinstance(limits, Mapping):
            yield from _limits(limits, Holder(qos=name), _OF_QOS, source)
            yield from _limits(limits, Holder(qos=name, user=user_name), _OF_QOS_USER, source)


def _limits(
    one: Mapping[str, Any], holder: Holder, paths: Mapping[str, Path], source: str
) -> Iterator[Limited]:
    for limit, path in paths.items():
        value: Any = one
        for step in path:
            value = value.get(step) if isinstance(value, Mapping) else None
        if isinstance(value, list):
            told = [(_resource(part), number(part.get("count"))) for part in value]
        else:
            told = [(_count_of(limit), number(value))]
        for resource, granted in told:
            if resource and granted is not None and granted >= 0:
                yield Limited(
                    holder=holder,
                    limit=limit,
                    resource=resource,
                    granted=granted,
                    used=None,
                    source=source,
                )


def _resource(part: Mapping[str, Any]) -> str:
    kind, name = text(part.get("type")), text(part.get("name"))
    return f"{kind}/{name}" if kind and name else kind or ""


def _count_of(limit: str) -> str:
    if "Wall" in limit:
        return "wall"
    return "submitted_jobs" if "Submit" in limit else "jobs"


Use = dict[tuple[Holder, str], tuple[float | None, float | None]]
"""Of an association and a resource: minutes used, and minutes that what runs may still take."""


def shares_of(body: Mapping[str, Any], user_name: str) -> Use:
    """Read ``shares`` (v0.0.40), whose times are seconds."""
    found: Use = {}
    for one in _listed(body):
        name, kinds = text(one.get("name")), one.get("type") or []
        is_user = "USER" in ([kinds] if isinstance(kinds, str) else kinds)
        if not name or (is_user and name != user_name):
            continue
        account = text(one.get("parent")) if is_user else name
        holder = Holder(account=account, user=user_name if is_user else None)
        tres = one.get("tres") or {}
        used, running = _minutes(tres.get("usage")), _minutes(tres.get("run_seconds"))
        for resource in used.keys() | running.keys():
            found[holder, resource] = used.get(resource), running.get(resource)
    return found


def fair_shares_of(body: Mapping[str, Any], user_name: str) -> dict[str, float]:
    """Read the user's fair-share factor in each account, from 0 to 1.

    It is 0 where Slurm does not count what was used of late: then nothing is said of it.
    """
    found = {}
    for one in _listed(body):
        account, told = text(one.get("parent")), one.get("fairshare")
        factor = told.get("factor") if isinstance(told, Mapping) else None
        if isinstance(factor, Mapping):  # since v0.0.42; v0.0.40 told a plain number
            factor = factor.get("number") if factor.get("set") else None
        is_mine = text(one.get("name")) == user_name and "USER" in (one.get("type") or [])
        if account and is_mine and not one.get("partition") and isinstance(factor, (int, float)):
            found[account] = float(factor)
    return {account: factor for account, factor in found.items() if 0 < factor <= 1}


def _listed(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    outer = body.get("shares")
    listed = outer.get("shares") if isinstance(outer, Mapping) else None
    return listed if isinstance(listed, list) else []


def _minutes(parts: object) -> dict[str, float]:
    found = {}
    for part in parts if isinstance(parts, list) else []:
        name, seconds = text(part.get("name")), number(part.get("value"))
        if name and seconds is not None:
            found[name] = seconds / 60
    return found


def with_use(limits: Sequence[Limited], used: Use, source: str) -> list[Limited]:
    """Put what is used beside its limit, and add what is used without one."""
    told = {(one.limit, one.holder, one.resource) for one in limits}
    found = []
    for one in limits:
        spent, running = used.get((one.holder, one.resource), (None, None))
        counts = {"GrpTRESMins": spent, "GrpTRESRunMins": running}
        found.append(replace(one, used=counts.get(one.limit)))
    for (holder, resource), counted in used.items():
        for limit, minutes in zip(("GrpTRESMins", "GrpTRESRunMins"), counted, strict=True):
            if (limit, holder, resource) not in told and minutes is not None:
                found.append(
                    Limited(
                        holder=holder,
                        limit=limit,
                        resource=resource,
                        granted=None,
                        used=minutes,
                        source=source,
                    )
                )
    return found
