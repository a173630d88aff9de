"""Describing a cluster by slurmrestd."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timezone
from typing import Any

from jupyterlab_batch.domain.generated import OptionalField
from jupyterlab_batch.domain.problems import GatewayUnreachable
from jupyterlab_batch.gateways.slurm import answers, siteanswers
from jupyterlab_batch.gateways.slurm.http import Reply, RestClient
from jupyterlab_batch.gateways.slurm.native import names_for_rest
from jupyterlab_batch.gateways.slurm.site import PLACES, Accounting, queues_of, site_of
from jupyterlab_batch.gateways.slurm.transport import Cluster


async def describe_cluster(
    client: RestClient, good: Callable[[Reply], Awaitable[Mapping[str, Any]]]
) -> Cluster:
    """Ask for partitions, nodes, reservations and accounts, never for jobs.

    Parameters
    ----------
    good
        Returns the body of an answer, or raises.
    """
    version = await client.version()
    # One after the other: v0.0.38 says nothing else when the token is bad.
    partitions = await good(await client.slurm("GET", "partitions"))
    nodes = await good(await client.slurm("GET", "nodes"))
    reserved = (await client.slurm("GET", "reservations")).body
    waiting = (await client.slurm("GET", "diag")).body.get("statistics") or {}
    meta = partitions.get("meta") or {}
    release = (meta.get("slurm") or meta.get("Slurm") or {}).get("release")
    accounting = await _accounting(client)
    groups = siteanswers.nodes(nodes.get("nodes") or [])
    known = siteanswers.partitions(partitions.get("partitions") or [])
    return Cluster(
        version=answers.text(release),
        queues=queues_of(known, groups, accounting),
        partitions=known,
        accounts=accounting.accounts,
        site=site_of(
            groups,
            siteanswers.reservations(reserved.get("reservations") or []),
            accounting,
            user_name=await client.user_name(),
            accepts=_accepts(version),
            native=names_for_rest(version),
            jobs_waiting=answers.number(waiting.get("jobs_pending")),
            as_of=datetime.now(timezone.utc),
        ),
        has_history=client.has_database,
        record_seconds=None,
    )


async def _accounting(client: RestClient) -> Accounting:
    """Ask slurmdbd; while it is down nobody knows the accounts, which is no reason to wait."""
    if not client.has_database:
        return Accounting()
    user_name = await client.user_name()
    try:
        own = await own_associations(client, user_name)
        qualities = (await client.slurmdb("qos")).body
    except GatewayUnreachable:
        return Accounting()
    return Accounting(
        associations=siteanswers.associations(own, user_name),
        qos=siteanswers.qualities(qualities.get("qos") or qualities.get("QOS") or []),
    )


async def own_associations(client: RestClient, user_name: str) -> list[Mapping[str, Any]]:
    """Ask for the user's associations; v0.0.38 tells all about one of them at a time."""
    if await client.version() > 38:
        reply = await client.slurmdb("associations", params={"user": user_name})
        return list(reply.body.get("associations") or [])
    users = (await client.slurmdb(f"user/{user_name}")).body.get("users") or []
    found: list[Mapping[str, Any]] = []
    for short in [one for user in users for one in user.get("associations") or []]:
        which = {
            "user": user_name,
            "cluster": short["cluster"],
            "account": short["account"],
            # Left out it is any, and only one is told.
            "partition": short.get("partition") or "",
        }
        reply = await client.slurmdb("association", params=which)
        found += reply.body.get("associations") or []
    return found


def _accepts(version: int) -> list[OptionalField]:
    """Return what can be asked for; v0.0.38 has no word for space on a disk."""
    return [field for field in PLACES if version > 38 or field != "resources.scratch_bytes"]
