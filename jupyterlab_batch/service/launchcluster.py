"""From a stored cluster to what gateways take."""

from __future__ import annotations

from pathlib import Path

from jupyterlab_batch.engine.runscript import RunContext
from jupyterlab_batch.gateways.clusters import ClusterLaunch
from jupyterlab_batch.store.clusterrecords import ClusterRecord


def launch_of(record: ClusterRecord, context: RunContext, memo: str = "") -> ClusterLaunch:
    """Return what is handed to a gateway, or what it is to look for."""
    return ClusterLaunch(
        cluster_id=record.id,
        tag=record.tag,
        name=record.name,
        spec=record.spec,
        idle_stop_seconds=record.idle_stop_seconds,
        working_directory=Path(record.working_directory),
        asked_at=record.created_at,
        native_id=record.native_id,
        environment=context.environment,
        memo=memo,
    )
