"""What there is: jobs, one job, and what changed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from jupyterlab_batch.domain.generated import (
    Changes,
    Job,
    JobCounts,
    JobList,
    JobRow,
    LogPaths,
    Output,
    Usage,
)
from jupyterlab_batch.domain.phases import is_final
from jupyterlab_batch.domain.problems import StoreChanged
from jupyterlab_batch.engine.outputs import MOST_FILES, found_so_far, shown
from jupyterlab_batch.service.act import unknown_job
from jupyterlab_batch.service.gateways import Gateways, not_configured
from jupyterlab_batch.service.logplaces import log_paths
from jupyterlab_batch.service.sight import Sight
from jupyterlab_batch.store.finding import JobFilter, Order
from jupyterlab_batch.store.records import JobRecord
from jupyterlab_batch.store.store import Store

LOOKING_SECONDS: Final = 30.0
_AS_LAST_KNOWN: Final = "This is how the job was last known; it goes on where it runs."


class Interest:
    """Tells gateways whether somebody is looking: whoever listed in the last half minute is."""

    def __init__(self, gateways: Gateways, clock: Callable[[], float] = time.monotonic) -> None:
        self._gateways = gateways
        self._clock = clock
        self._until: float | None = None

    @property
    def is_there(self) -> bool:
        """Whether somebody is looking, as far as was noticed."""
        return self._until is not None

    def look(self) -> None:
        """Somebody looks now."""
        was_looking = self.is_there
        self._until = self._clock() + LOOKING_SECONDS
        if not was_looking:
            self._tell(looking=True)

    def expire(self) -> None:
        """Notice that nobody looked for a while."""
        if self._until is not None and self._clock() > self._until:
            self._until = None
            self._tell(looking=False)

    def _tell(self, *, looking: bool) -> None:
        for gateway in self._gateways:
            self._gateways.tell(gateway.gateway_id, lambda told: told.set_interest(looking=looking))


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """Answers questions from the store alone; no gateway is asked."""

    store: Store
    gateways: Gateways
    interest: Interest
    sight: Sight
    root_dir: Path

    async def jobs(
        self, chosen: JobFilter, order: Order, *, limit: int, day_start: datetime | None = None
    ) -> JobList:
        """Return a window of jobs, with the counts of all groups and of the phases that fit."""
        self.interest.look()
        window = await self.store.window(chosen, order, limit=limit, day_start=day_start)
        goes_on = window.more and order.has_cursor
        return JobList(
            store_id=await self.store.store_id(),
            seq=window.seq,
            clusters_seq=window.clusters_seq,
            total=window.total,
            counts=window.counts,
            finished_today=window.finished_today,
            phases={str(phase): count for phase, count in window.phases.items()},
            rows=[self._row(record) for record in window.records],
            cursor=window.records[-1].id if goes_on else None,
        )

    async def changes(
        self, since: int, store_id: str, *, day_start: datetime | None = None
    ) -> Changes:
        """Return what changed after a sequence number.

        Raises
        ------
        StoreChanged
        """
        self.interest.look()
        current = await self.store.store_id()
        if store_id != current:
            raise StoreChanged("This is another store than before. List the jobs again.")
        window = await self.store.changes_since(since, day_start=day_start)
        return Changes(
            store_id=current,
            seq=window.seq,
            gateways_seq=window.gateways_seq,
            clusters_seq=window.clusters_seq,
            counts=window.counts,
            finished_today=window.finished_today,
            rows=[self._row(record) for record in window.records],
            more=window.more,
        )

    async def mark_seen(self, through_seq: int) -> JobCounts:
        """Mark what was over by a change as seen."""
        return await self.store.mark_seen(through_seq)

    async def job(self, job_id: str) -> Job:
        """Return all that is known of one job.

        Raises
        ------
        UnknownJob
        """
        self.interest.look()
        record = await self.store.get(job_id)
        if record is None:
            raise unknown_job()
        return await self.detail(record)

    async def detail(self, record: JobRecord) -> Job:
        """Return a record as the contract describes a job."""
        outputs, paths = await asyncio.to_thread(self._on_disk, record)
        row = self._row(record)
        is_over = is_final(record.phase)
        return Job(
            **{name: getattr(row, name) for name in JobRow.__struct_fields__},
            spec=record.spec,
            native_state=record.native_state,
            exit_code=record.exit_code,
            signal=record.signal,
            attempt=record.attempt,
            resubmitted_from=record.resubmitted_from,
            source_path=record.source_path,
            usage=Usage(
                elapsed_seconds=record.elapsed_seconds,
                cpu_seconds=record.cpu_seconds,
                memory_peak_bytes=record.memory_peak_bytes,
                is_partial=record.is_usage_partial,
            ),
            outputs=outputs,
            owner=record.owner,
            account=record.account,
            run_directory=record.run_directory,
            run_contents_path=self._contents_path(Path(record.run_directory)),
            node_directory=self.sight.node_directory(record),
            log_paths=paths,
            stale_since=None if is_over else self.gateways.stale_since(record.gateway_id),
        )

    def _row(self, record: JobRecord) -> JobRow:
        """Return a row; one of which this server can learn nothing more says so."""
        row = record.to_row()
        if is_final(record.phase) or self.gateways.find(record.gateway_id) is not None:
            return row
        # Not stored: another server of the user, on another machine, may well have the gateway.
        told = f"{not_configured(record.gateway_id)} {_AS_LAST_KNOWN}"
        return msgspec.structs.replace(row, reason_text=told)

    def _on_disk(self, record: JobRecord) -> tuple[list[Output], LogPaths]:
        return self._outputs(record), self._log_paths(record)

    def _log_paths(self, record: JobRecord) -> LogPaths:
        found = log_paths(record).items()
        return LogPaths(**{stream: str(self.sight.there(record, path)) for stream, path in found})

    def _outputs(self, record: JobRecord) -> list[Output]:
        """Return the files that are there, and the names of which none is."""
        listed: list[Output] = []
        for name in record.outputs:
            there = found_so_far(name, is_over=is_final(record.phase))
            listed += map(self._output, there or [shown(name)])
        return listed[:MOST_FILES]

    def _output(self, path: str) -> Output:
        return Output(
            path=path,
            contents_path=self._contents_path(Path(path)),
            size_bytes=_size(Path(path)),
        )

    def _contents_path(self, path: Path) -> str | None:
        if not path.is_relative_to(self.root_dir):
            return None
        return path.relative_to(self.root_dir).as_posix()


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None
