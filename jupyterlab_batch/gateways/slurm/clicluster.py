"""Describing a cluster by Slurm's command-line tools."""

from __future__ import annotations

import asyncio
from datetime import datetime, timezone

from jupyterlab_batch.domain.problems import GatewayUnreachable, NotSignedIn
from jupyterlab_batch.gateways.slurm import sitetables, tables
from jupyterlab_batch.gateways.slurm.native import names_for_tools
from jupyterlab_batch.gateways.slurm.site import PLACES, Accounting, queues_of, site_of
from jupyterlab_batch.gateways.slurm.sitetables import (
    ASSOCIATION_FIELDS,
    NODES_FORMAT,
    QOS_FIELDS,
)
from jupyterlab_batch.gateways.slurm.tools import Tools
from jupyterlab_batch.gateways.slurm.transport import Cluster


async def describe_cluster(tools: Tools, user_name: str) -> Cluster:
    """Ask each tool once for what it knows of the cluster, none of them for jobs."""
    config, partitions, nodes, reservations, waiting = await asyncio.gather(
        tools.ask("scontrol", "show", "config"),
        tools.ask("scontrol", "-o", "show", "partition"),
        tools.ask("sinfo", "--noheader", "--exact", f"--format={NODES_FORMAT}"),
        tools.ask("scontrol", "-o", "show", "reservation"),
        _ask_if_allowed(tools, "sdiag"),
    )
    settings = tables.settings(config)
    has_history = settings.get("AccountingStorageType", "").endswith("slurmdbd")
    accounting = Accounting()
    if has_history:
        accounting = await _accounting(tools, user_name, settings.get("ClusterName"))
    groups = sitetables.nodes(nodes)
    known = sitetables.partitions(partitions)
    return Cluster(
        version=settings.get("SLURM_VERSION"),
        queues=queues_of(known, groups, accounting),
        partitions=known,
        accounts=accounting.accounts,
        site=site_of(
            groups,
            sitetables.reservations(reservations),
            accounting,
            user_name=user_name,
            accepts=PLACES,
            native=names_for_tools(),
            jobs_waiting=sitetables.jobs_waiting(waiting),
            as_of=datetime.now(timezone.utc),
        ),
        has_history=has_history,
        record_seconds=tables.duration_seconds(settings.get("MinJobAge", "").split(" ")[0]),
        max_array_size=tables.count(settings.get("MaxArraySize", "")),
    )


async def _accounting(tools: Tools, user_name: str, cluster_name: str | None) -> Accounting:
    """Ask slurmdbd; while it is down nobody knows the accounts, which is no reason to wait."""
    show = ("-n", "-P", "show")
    own, qualities = await asyncio.gather(
        _ask_if_allowed(
            tools, "sacctmgr", *show, "user", user_name, "withassoc", f"format={ASSOCIATION_FIELDS}"
        ),
        _ask_if_allowed(tools, "sacctmgr", *show, "qos", f"format={QOS_FIELDS}"),
    )
    return Accounting(
        associations=sitetables.associations(own, cluster_name),
        qos=sitetables.qualities(qualities),
    )


async def _ask_if_allowed(tools: Tools, name: str, *arguments: str) -> str:
    """Ask for what a site may keep to itself, or what may be down; then it is not known."""
    try:
        return await tools.ask(name, *arguments)
    except (GatewayUnreachable, NotSignedIn):
        return ""
