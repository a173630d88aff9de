"""Balances by Slurm's command-line tools."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Final

from jupyterlab_batch.domain.problems import GatewayUnreachable, NotSignedIn
from jupyterlab_batch.gateways.slurm import assocmgr, tables
from jupyterlab_batch.gateways.slurm.balances import (
    Balances,
    Holder,
    Limited,
    Terms,
    balances_of,
)
from jupyterlab_batch.gateways.slurm.tools import Tools

NO_DATABASE: Final = (
    "This Slurm has no slurmdbd: it has no accounts, limits nobody, and does not add up what is "
    "used."
)
NOT_TOLD: Final = "Slurm does not tell you your limits, nor what is used of them."
_QOS_FIELDS: Final = "name,flags,maxtrespu,maxjobspu,maxsubmitpu"
_QOS_LIMITS: Final = ("MaxJobsPU", "MaxSubmitJobsPU")
_SHARES_FIELDS: Final = "account,user,grptresmins,grptresraw"
_PARTITION: Final = re.compile(r"^PartitionName=(\S+).*? TRESBillingWeights=(\S+)", re.MULTILINE)
_PARTITION_QOS: Final = re.compile(r"^PartitionName=(\S+).*? QoS=(?!N/A)(\S+)", re.MULTILINE)
_SCALES: Final = {"": 1.0, "K": 1024.0, "M": 1024.0**2, "G": 1024.0**3, "T": 1024.0**4}
_WEIGHT: Final = re.compile(r"([\w/:]+)=(\d+(?:\.\d+)?)([KMGT]?)", re.IGNORECASE)


async def read_balances(tools: Tools, user_name: str, gateway_id: str) -> Balances:
    """Ask slurmctld what it goes by itself, and how it counts.

    Raises
    ------
    GatewayUnreachable, NotSignedIn
    """
    settings = tables.settings(await tools.ask("scontrol", "show", "config"))
    as_of = datetime.now(timezone.utc)
    if not settings.get("AccountingStorageType", "").endswith("slurmdbd"):
        return Balances(as_of=as_of, missing=NO_DATABASE)
    text, partitions, qualities = await asyncio.gather(
        ask_or_nothing(
            tools, "scontrol", "show", "assoc_mgr", f"users={user_name}", "flags=assoc,qos"
        ),
        tools.ask("scontrol", "-o", "show", "partition"),
        ask_or_nothing(tools, "sacctmgr", "-nP", "show", "qos", f"format={_QOS_FIELDS}"),
    )
    terms = Terms(
        half_life_seconds=half_life_of(settings),
        lasting_qos=frozenset(_lasting(qualities)),
        weights=weights_of(partitions),
        partition_qos=dict(_PARTITION_QOS.findall(partitions)),
        is_greatest_billed="MAX_TRES" in settings.get("PriorityFlags", ""),
    )
    limits = assocmgr.read(text, user_name=user_name, uid=os.geteuid())
    limits += unused(qualities, limits, user_name)
    missing = None
    if not any(one.holder.account for one in limits):
        shares = await ask_or_nothing(
            tools, "sshare", "-nP", "-U", "-u", user_name, f"-o{_SHARES_FIELDS}"
        )
        limits += shares_of(shares, user_name)
        missing = None if limits else NOT_TOLD
    uid = os.geteuid()
    is_shared = is_shared_fairly(settings)
    return balances_of(
        limits,
        terms,
        gateway_id=gateway_id,
        as_of=as_of,
        parents=assocmgr.parents_of(text),
        fair_shares=assocmgr.fair_shares(text, user_name=user_name, uid=uid) if is_shared else None,
        missing=missing,
    )


async def ask_or_nothing(tools: Tools, name: str, *arguments: str) -> str:
    """Ask for what a site may keep to itself; then it is not known."""
    try:
        return await tools.ask(name, *arguments)
    except (GatewayUnreachable, NotSignedIn):
        return ""


def is_shared_fairly(settings: dict[str, str]) -> bool:
    """Tell whether what a user and others used of late counts for the priority of jobs."""
    weight = settings.get("PriorityWeightFairShare", "0")
    return settings.get("PriorityType", "").endswith("multifactor") and weight != "0"


def half_life_of(settings: dict[str, str]) -> float | None:
    """Return after how long a use counts half; 0 if never."""
    if settings.get("PriorityType", "").endswith("basic"):
        return 0.0
    return tables.duration_seconds(settings.get("PriorityDecayHalfLife", ""))


def weights_of(partitions: str) -> dict[str, dict[str, float]]:
    """Read what is billed in each partition; a memory's weight is made one for a MiB.

    >>> weights_of("PartitionName=gpu Nodes=n1 TRESBillingWeights=CPU=1.0,Mem=0.5G TRES=cpu=8")
    {'gpu': {'cpu': 1.0, 'mem': 0.00048828125}}
    """
    return {name: dict(_weights(text)) for name, text in _PARTITION.findall(partitions)}


def _weights(text: str) -> Iterator[tuple[str, float]]:
    for name, number, scale in _WEIGHT.findall(text):
        resource = name.lower()
        weight = float(number)
        if resource == "mem":
            weight *= _SCALES["M"] / _SCALES[scale.upper() or "M"]
        yield resource, weight


def _lasting(qualities: str) -> Iterator[str]:
    for line in qualities.splitlines():
        name, _, rest = line.partition("|")
        if "NoDecay" in rest.split("|")[0].split(","):
            yield name


def unused(qualities: str, known: list[Limited], user_name: str) -> Iterator[Limited]:
    """Yield the user's limits in each QOS that slurmctld has not counted yet: none is used."""
    counted = {one.holder.qos for one in known if one.holder.qos and one.holder.user}
    for line in qualities.splitlines():
        name, _, rest = line.partition("|")
        if name in counted or rest.count("|") != 3:
            continue
        _, resources, *counts = rest.split("|")
        holder = Holder(qos=name, user=user_name)
        told = [("MaxTRESPU", *part.split("=", 1)) for part in resources.split(",") if "=" in part]
        kinds = ("jobs", "submitted_jobs")
        told += [
            (limit, kind, count)
            for limit, kind, count in zip(_QOS_LIMITS, kinds, counts, strict=False)
        ]
        for limit, resource, text in told:
            granted = tables.count(text.rstrip("M") if resource == "mem" else text)
            if granted is not None:
                yield Limited(
                    holder=holder,
                    limit=limit,
                    resource=resource,
                    granted=granted,
                    used=0.0,
                    source="sacctmgr show qos",
                )


def shares_of(text: str, user_name: str) -> Iterator[Limited]:
    """Read ``sshare -nP``, whose minutes are whole; where the associations are not told."""
    for line in text.splitlines():
        if line.count("|") != 3:
            continue
        account, user, granted, used = line.split("|")
        limits = dict(_pairs(granted))
        for resource, count in _pairs(used):
            yield Limited(
                holder=Holder(account=account.strip(), user=user_name if user else None),
                limit="GrpTRESMins",
                resource=resource,
                granted=limits.get(resource),
                used=float(count),
                source="sshare",
            )


def _pairs(text: str) -> Iterator[tuple[str, int]]:
    for part in text.split(","):
        name, _, value = part.partition("=")
        count = tables.count(value)
        if name and count is not None:
            yield name, count
