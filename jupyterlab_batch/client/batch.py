"""The batch gateways of this Jupyter server, from Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyterlab_batch.client.allocations import list_allocations
from jupyterlab_batch.client.clusters import StartClusters
from jupyterlab_batch.client.finding import find_job, list_jobs
from jupyterlab_batch.client.gateways import default_gateway, list_gateways
from jupyterlab_batch.client.generated import (
    Allocation,
    Gateway,
    ImportedSpec,
    RemovalResult,
    RunDirectory,
)
from jupyterlab_batch.client.job import BatchJob
from jupyterlab_batch.client.listing import Listing
from jupyterlab_batch.client.many import ManyJobs
from jupyterlab_batch.client.rundirectories import list_run_directories, remove_run_directories
from jupyterlab_batch.client.scripts import OpenedScript, reader_of
from jupyterlab_batch.client.server import Server, find_server
from jupyterlab_batch.client.submission import absolute
from jupyterlab_batch.client.submitmany import SubmitManyJobs
from jupyterlab_batch.client.transport import Transport

if TYPE_CHECKING:
    from os import PathLike

    from jupyterlab_batch.client.generated import JobGroup


class Batch(SubmitManyJobs, ManyJobs, StartClusters):
    """Submit and find jobs, start and find Dask clusters.

    Parameters
    ----------
    server
        By default the Jupyter server that started this kernel.

    Raises
    ------
    BatchError
        There is no such server (``server_not_found``).
    """

    def __init__(self, server: Server | None = None) -> None:
        self._transport = Transport(server or find_server())

    def open_script(
        self, script: str | PathLike[str], *, gateway: str | None = None
    ) -> OpenedScript:
        """Read what a script says of its own job, as by ``#SBATCH`` lines; submits nothing.

        Parameters
        ----------
        script
            Of this kernel's working directory, or an absolute path.
        gateway
            Id of the gateway on which it is to run; by default the first that reads such lines.

        Raises
        ------
        BatchError
            It cannot be read, or the batch system would not take it (``not_valid``).
        """
        gateway_id = gateway or reader_of(self.gateways())
        body = {"gateway_id": gateway_id, "path": str(absolute(script))}
        answer = self._transport.request("POST", "specs/import", body=body)
        return OpenedScript(self, gateway_id, answer.decode(ImportedSpec))

    def gateways(self) -> Listing[Gateway]:
        """Return the batch systems that this server knows; the first is the default."""
        return list_gateways(self._transport)

    def allocations(
        self, gateway: str | None = None, *, fresh: bool = False
    ) -> Listing[Allocation]:
        """Return what you may use of a batch system, and what is used of it.

        Parameters
        ----------
        gateway
            Id of a gateway; by default the first of `gateways`.
        fresh
            Ask the batch system again; else the answer may be some minutes old, and says so.
        """
        gateway_id = gateway or default_gateway(self._transport)
        return list_allocations(self._transport, gateway_id, fresh=fresh)

    def jobs(self, group: JobGroup | None = None, limit: int = 50) -> Listing[BatchJob]:
        """Return jobs, newest first.

        Parameters
        ----------
        group
            ``needs_you``, ``running``, ``queued`` or ``finished``; None for all.
        limit
            At most so many.
        """
        return list_jobs(self._transport, group, limit)

    def run_directories(self, limit: int = 50) -> Listing[RunDirectory]:
        """Return the run directories of this server's jobs with their sizes, newest first.

        Parameters
        ----------
        limit
            At most so many.
        """
        return list_run_directories(self._transport, limit)

    def remove_run_directories(
        self, *directories: RunDirectory | BatchJob | str
    ) -> Listing[RemovalResult]:
        """Remove run directories of jobs that are over, with all logs and outputs in them.

        Parameters
        ----------
        directories
            What `run_directories` or `jobs` returned, or full ids of jobs.

        Returns
        -------
        What came of each: ``ok``, ``denied`` (its job is not over), ``not_found`` or ``error``.
        """
        job_ids = [
            one if isinstance(one, str) else one.row.id if isinstance(one, BatchJob) else one.job_id
            for one in directories
        ]
        return remove_run_directories(self._transport, job_ids)

    def job(self, id: str) -> BatchJob:
        """Find one job.

        Parameters
        ----------
        id
            Its id; the end or the beginning of one, at least four characters, if no other job has
            it; or a name, of which the latest job is meant.

        Raises
        ------
        BatchError
            There is none (``unknown_job``), or more than one (``bad_request``).
        """
        return find_job(self._transport, id)
