"""What the server remembers of Dask clusters."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from jupyterlab_batch.domain.generated import ClusterCandidate
from jupyterlab_batch.store import clusters, jobs
from jupyterlab_batch.store.clusterrecords import ClusterRecord
from jupyterlab_batch.store.clusters import Change, ClusterIntent
from jupyterlab_batch.store.database import Database


class ClusterStore:
    """The part of a store that knows clusters."""

    _database: Database

    async def begin_cluster(self, record: ClusterRecord, digest: str) -> ClusterIntent:
        """Store a new cluster under its key, durably, or find what the key was used for."""
        return await self._database.write(lambda c: clusters.take(c, record, digest))

    async def cluster_intent(self, key: str) -> ClusterIntent | None:
        """Return what a key was used for."""
        return await self._database.read(lambda c: clusters.find(c, key))

    async def take_back_cluster(self, cluster_id: str) -> None:
        """Remove a cluster that was definitely refused; its key is free again."""
        await self._database.write(lambda c: clusters.take_back(c, cluster_id))

    async def update_cluster(self, cluster_id: str, change: Change) -> ClusterRecord | None:
        """Change a cluster; ``change`` sees it as it is in that very transaction."""
        return await self._database.write(lambda c: clusters.update(c, cluster_id, change))

    async def give_up_cluster(self, cluster_id: str, change: Change) -> ClusterRecord | None:
        """Change a cluster that never was; its key is free then."""

        def work(connection: sqlite3.Connection) -> ClusterRecord | None:
            record = clusters.update(connection, cluster_id, change)
            if record is not None and record.native_id is None and record.is_over:
                connection.execute(
                    "DELETE FROM cluster_intents WHERE cluster_id = ?", (cluster_id,)
                )
            return record

        return await self._database.write(work)

    async def offer_candidates(
        self, cluster_id: str, candidates: Sequence[ClusterCandidate]
    ) -> ClusterRecord | None:
        """Keep which clusters one may be whose answer was lost; those that are known are not it."""

        def work(connection: sqlite3.Connection) -> ClusterRecord | None:
            record = clusters.get(connection, cluster_id)
            if record is None or record.native_id is not None or record.is_over:
                return record
            known = clusters.native_ids(connection, record.gateway_id)
            strange = [one for one in candidates if one.native_id not in known]
            return clusters.update(connection, cluster_id, lambda _: {"candidates": strange})

        return await self._database.write(work)

    async def adopt_cluster(self, record: ClusterRecord) -> ClusterRecord | None:
        """Store a cluster that was found, unless it is known or may be one that is awaited."""

        def work(connection: sqlite3.Connection) -> ClusterRecord | None:
            known = clusters.native_ids(connection, record.gateway_id)
            if record.native_id in known or clusters.may_be_awaited(connection, record):
                return None
            return clusters.take(connection, record, digest="").record

        return await self._database.write(work)

    async def cluster(self, cluster_id: str) -> ClusterRecord | None:
        """Return one cluster."""
        return await self._database.read(lambda c: clusters.get(c, cluster_id))

    async def cluster_ids(self) -> set[str]:
        """Return the ids of all clusters that are known, also of those that were forgotten."""
        return await self._database.read(clusters.ids)

    async def unsettled_clusters(self) -> list[ClusterRecord]:
        """Return all clusters that are not over, or left something that is to be removed."""
        return await self._database.read(clusters.unsettled)

    async def clusters(self, ended: int) -> tuple[int, list[ClusterRecord]]:
        """Return the number of the last change, and all clusters with so many that are over."""
        return await self._database.read(lambda c: (jobs.latest_seq(c), clusters.listed(c, ended)))

    async def forget_cluster(self, cluster_id: str) -> ClusterRecord | None:
        """Forget a cluster if that can be; return it as it was, or is."""

        def work(connection: sqlite3.Connection) -> ClusterRecord | None:
            record = clusters.get(connection, cluster_id)
            if record is not None and record.is_forgettable:
                clusters.delete(connection, cluster_id)
            return record

        return await self._database.write(work)

    async def forget_clusters(
        self, ended_before: datetime | None, submitted_before: datetime
    ) -> None:
        """Forget clusters that ended long ago, if that is wanted, and keys that are too old."""

        def work(connection: sqlite3.Connection) -> None:
            if ended_before is not None:
                clusters.forget_before(connection, ended_before)
            clusters.purge(connection, submitted_before)

        await self._database.write(work)
