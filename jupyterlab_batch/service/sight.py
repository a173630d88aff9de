"""Whether this server sees what a job writes, and where else that lies."""

from __future__ import annotations

import os
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Final

import msgspec

from jupyterlab_batch.domain.phases import is_final
from jupyterlab_batch.engine.status import look_afresh, read_evidence
from jupyterlab_batch.service.gateways import Gateways
from jupyterlab_batch.store.records import JobRecord

_PATIENCE: Final = timedelta(minutes=1)
"""So long a network file system may hide a file that is new."""


class Sight(msgspec.Struct, frozen=True, kw_only=True):
    """Knows where run directories are for the machines that run the jobs."""

    gateways: Gateways

    def node_path(self, record: JobRecord, *parts: str) -> Path:
        """Return what lies below a run directory, as the machine sees it that runs the job."""
        return self.there(record, Path(record.run_directory, *parts))

    def there(self, record: JobRecord, path: Path) -> Path:
        """Return any path as the machine sees it that runs the job."""
        gateway = self.gateways.find(record.gateway_id)
        return path if gateway is None else gateway.node_path(path)

    def node_directory(self, record: JobRecord) -> str | None:
        """Return the run directory as that machine sees it; ``None`` if that is the same path."""
        there = str(self.node_path(record))
        return None if there == record.run_directory else there

    def is_nothing_seen(self, record: JobRecord) -> bool:
        """Tell whether a job ran and left no trace in its run directory here. Blocks.

        Every wrapper claims the run directory before anything else, so that one without a claim
        is not the folder that the machine sees, or not yet.
        """
        gateway = self.gateways.find(record.gateway_id)
        if gateway is None or gateway.is_on_this_machine:
            return False
        if not _is_due(record):
            return False
        return read_evidence(Path(record.run_directory), record.nonce).has_begun is False

    def why_unseen(self, record: JobRecord, *parts: str) -> str | None:
        """Say why what lies below a run directory cannot be seen, and where to look. Blocks.

        ``None`` if there is no reason but that it is not there.
        """
        if record.native_id is None:
            return None  # its run directory may not have been written yet
        if not look_afresh(Path(record.run_directory)):
            what = "cannot see the run directory: it was removed, or its file system is away"
        elif self.is_nothing_seen(record):
            what = (
                "sees nothing that the job wrote: the machine that ran it does not share the run "
                "directory, or has it under another path"
            )
        else:
            return None
        there = self.node_path(record, *parts)
        return f"This Jupyter server {what}. Where the job ran, look for {there}."

    def why_elsewhere(self, record: JobRecord, path: Path) -> str | None:
        """Say that a log, which its user wants at a path, is not there, and where to look. Blocks.

        ``None`` if it need not be there: every wrapper makes it before anything runs.
        """
        if not _is_due(record) or record.reason == "launch_failed" or os.path.lexists(path):
            return None
        return (
            "This Jupyter server does not see the log where the job was to write it: it was "
            "removed, or that folder is another one here than where the job ran. "
            f"There, look for {self.there(record, path)}."
        )


def _is_due(record: JobRecord) -> bool:
    """Tell whether what a job writes first can be seen by now, if at all."""
    if record.started_at is None:
        return False
    return is_final(record.phase) or datetime.now(timezone.utc) - record.started_at > _PATIENCE
