"""The batch gateways of this Jupyter server, from Python."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from jupyterlab_batch.client.allocations import list_allocations
from jupyterlab_batch.client.card import asked as asked_for
from jupyterlab_batch.client.card import phase_word, plain, when, where
from jupyterlab_batch.client.decode import encode
from jupyterlab_batch.client.errors import BatchError
from jupyterlab_batch.client.generated import (
    Allocation,
    Check,
    Dependency,
    Gateway,
    GatewayList,
    ImportedSpec,
    Job,
    JobList,
    JobRow,
    RemovalResult,
    RunDirectory,
    Submission,
)
from jupyterlab_batch.client.job import BatchJob
from jupyterlab_batch.client.listing import Listing
from jupyterlab_batch.client.many import ManyJobs
from jupyterlab_batch.client.rundirectories import (
    list_run_directories,
    remove_run_directories,
)
from jupyterlab_batch.client.scripts import OpenedScript, reader_of
from jupyterlab_batch.client.sending import new_key, send
from jupyterlab_batch.client.server import Server, find_server
from jupyterlab_batch.client.submission import Asked, absolute, to_spec
from jupyterlab_batch.client.transport import Transport

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import timedelta
    from os import PathLike

    from jupyterlab_batch.client.generated import JobGroup

    When = Literal["succeeded", "finished", "failed"]
    After: TypeAlias = (
        BatchJob | str | Sequence[BatchJob | str] | Mapping[BatchJob | str, When] | None
    )

_WINDOW = 500
_JOB_ID = re.compile(r"[0-9a-z]{26}")
_SHORT_ID = re.compile(r"[0-9a-z]{4,25}")


class Batch(ManyJobs):
    """Submit and find jobs.

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

    def submit(  # noqa: PLR0913 -- one argument for each field of the form, all but one by name
        self,
        script: str | PathLike[str] | None = None,
        *,
        notebook: str | PathLike[str] | None = None,
        command: str | Sequence[str] | None = None,
        name: str | None = None,
        gateway: str | None = None,
        cores: int = 1,
        memory: str = "1GB",
        time: str | int | timedelta = "1h",
        queue: str | None = None,
        account: str | None = None,
        working_directory: str | PathLike[str] | None = None,
        parameters: Mapping[str, Any] | None = None,
        variables: Mapping[str, str] | None = None,
        variables_from_files: Mapping[str, str | PathLike[str]] | None = None,
        interpreter: str | None = None,
        arguments: Sequence[str] | None = None,
        kernel_name: str | None = None,
        output_path: str | PathLike[str] | None = None,
        gpus: int = 0,
        array: str | Iterable[int] | None = None,
        vary: Mapping[str, Iterable[Any]] | None = None,
        together: bool = False,
        max_running: int | None = None,
        after: After = None,
        tags: Mapping[str, str] | Iterable[str] | None = None,
        anyway: bool = False,
        key: str | None = None,
        **where: Any,  # noqa: ANN401 -- typed by Asked
    ) -> BatchJob:
        """Hand one job to a gateway, once.

        If the answer is lost, it is sent again under the same key, which the server runs once.

        Parameters
        ----------
        script, notebook, command
            What to run, one of them; relative paths start at this kernel's working directory. A
            script that ends in ``.ipynb`` is a notebook. A command is a list of words; a string
            is split into words as a shell would, but no shell ever reads it.
        gateway
            Id of a gateway; by default the first of `gateways`.
        memory
            With a unit: ``"2GB"``. K, M, G and T are powers of 1024.
        time
            Time limit: ``"90m"``, ``"1h 30m"``, ``"1-12:00"``; a bare number means minutes.
        working_directory
            By default the folder of the notebook or script; of a command this kernel's.
        outputs
            Names of files that it is to leave, from the working directory on; ``*`` stands for any
            part of a name. `BatchJob.outputs` has those that are there.
        parameters, kernel_name, output_path
            Of a notebook: values for its cell tagged ``parameters``, a kernel other than its own,
            and where the executed copy goes, by default into the run directory.
        arguments, interpreter
            Of a script; by default its first line, then its ending, decide what runs it.
        variables
            Added to the environment of the job.
        variables_from_files
            Added likewise, each with what is in a small file when the job starts. So a token or
            password is kept nowhere else.
        gpus
            So many of the gateway's; the job finds them in ``CUDA_VISIBLE_DEVICES``.
        array
            Run it as many tasks: ``"0-99"``, ``"0-99:10"``, ``"1,2,5"``, a range or a list of
            indices. A task reads its own as ``BATCH_TASK_INDEX``, and ``{index}`` in a command.
        vary
            Run it as one task for each combination of values: ``{"seed": range(10), "band":
            ["g", "r"]}`` is 20 tasks. They reach a notebook as parameters, a script as
            ``BATCH_PARAM_SEED``, a command in place of ``{seed}``.
        together
            Take the first value of each, then the second of each, rather than all combinations.
        max_running
            At most so many tasks at a time; ``"0-99%10"`` says the same.
        after
            Start when another job has completed: a job, its id or name, or a list of them; with
            ``{job: "finished"}`` when it is over however it ended, with ``"failed"`` when it did
            not complete.
        tags
            What the job is found by: ``["lens", "night7"]``, or ``{"project": "lens"}``.
        anyway
            Submit although there are warnings.
        key
            Of an earlier try whose outcome is not known (`BatchError.key`).
        modules, conda, python
            One of them is set up where the job runs, before its program starts: names of modules,
            the name or the folder of a conda environment, an interpreter or the folder of a
            virtual environment. A notebook takes modules alone: it runs in its kernel.
        qos, reservation, features, begin_at, nodes, processes, scratch, native
            Where the gateway takes them (``gateway.site``): ``features`` is a list of names,
            ``begin_at`` a time with its zone, ``processes`` the number of MPI ranks, which the job
            starts itself, ``scratch`` a size with a unit, and ``native`` options of the batch
            system itself, such as ``{"mail-type": "END", "exclusive": None}``.

        Raises
        ------
        BatchError
            Nothing was submitted, except with code ``answer_lost`` or ``key_in_flight``: then it
            may have been, and its `key` makes another try harmless.
        """
        asked = Asked(
            script=script,
            notebook=notebook,
            command=command,
            name=name,
            gateway=gateway,
            cores=cores,
            memory=memory,
            time=time,
            queue=queue,
            account=account,
            working_directory=working_directory,
            parameters=parameters,
            variables=variables,
            variables_from_files=variables_from_files,
            interpreter=interpreter,
            arguments=arguments,
            kernel_name=kernel_name,
            output_path=output_path,
            gpus=gpus,
            array=array,
            vary=vary,
            together=together,
            max_running=max_running,
            tags=tags,
            **where,
        )
        submission = self._submission(asked, after)
        sent = send(self._transport, submission, key=key or new_key(), anyway=anyway)
        return BatchJob(self._transport, sent)

    def check(
        self,
        script: str | PathLike[str] | None = None,
        *,
        after: After = None,
        **asked: Any,  # noqa: ANN401 -- typed by Asked
    ) -> Check:
        """Say what `submit` would do, and what stands in its way; no queue is touched.

        Parameters
        ----------
        script, after, **asked
            The arguments of `submit` that describe the job.
        """
        submission = self._submission(Asked(script=script, **asked), after)
        body = encode(submission, omit_null=True)
        return self._transport.request("POST", "jobs/check", body=body).decode(Check)

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
        answer = self._transport.request("GET", "gateways").decode(GatewayList)
        return Listing(
            answer.gateways,
            columns=("Gateway", "Kind", "Title", "State", "Queues"),
            cells=_gateway_cells,
            empty="No gateway is configured in this Jupyter server.",
        )

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
        gateway_id = gateway or self._default_gateway()
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
        rows, total = self._rows(limit, group=group)
        note = f"{len(rows)} of {total} jobs." if total > len(rows) else ""
        return Listing(
            [BatchJob(self._transport, row) for row in rows],
            columns=("Id", "Name", "State", "Where", "Time", "Asked for", "Reason"),
            cells=_job_cells,
            empty="No jobs yet." if group is None else "No such jobs.",
            note=note,
        )

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
        if _JOB_ID.fullmatch(id):
            answer = self._transport.request("GET", f"jobs/{id}")
            return BatchJob(self._transport, answer.decode(Job))
        return BatchJob(self._transport, self._find(id))

    def _find(self, word: str) -> JobRow:
        named, _ = self._rows(_WINDOW, q=word)
        for row in named:
            if row.name == word:
                return row
        found = []
        if _SHORT_ID.fullmatch(word):
            rows, _ = self._rows(_WINDOW)
            found = [row for row in rows if row.id.endswith(word) or row.id.startswith(word)]
        if len(found) > 1:
            message = f'"{word}" is the id of {len(found)} jobs. Write more of it.'
            raise BatchError(message, code="bad_request")
        if not found:
            message = f'No job has the id or name "{word}".'
            raise BatchError(message, code="unknown_job")
        return found[0]

    def _rows(self, limit: int, **query: object) -> tuple[list[JobRow], int]:
        rows: list[JobRow] = []
        cursor = None
        while True:
            window = min(_WINDOW, max(1, limit - len(rows)))
            answer = self._transport.request(
                "GET", "jobs", query={**query, "limit": window, "cursor": cursor}
            ).decode(JobList)
            rows += answer.rows
            cursor = answer.cursor
            if cursor is None or len(rows) >= limit:
                return rows, answer.total

    def _submission(self, asked: Asked, after: After) -> Submission:
        spec = to_spec(asked, [self._dependency(*one) for one in _awaited(after)])
        return Submission(gateway_id=asked.gateway or self._default_gateway(), spec=spec)

    def _dependency(self, job: BatchJob | str, when: When) -> Dependency:
        if not isinstance(job, str):
            job_id = job.id
        else:
            job_id = job if _JOB_ID.fullmatch(job) else self.job(job).id
        return Dependency(job_id=job_id, when=when)

    def _default_gateway(self) -> str:
        gateways = self.gateways()
        if not gateways:
            message = "No gateway is configured in this Jupyter server. Nothing was submitted."
            raise BatchError(message, code="unknown_gateway", field="gateway_id")
        return gateways[0].id


def _awaited(after: After) -> list[tuple[BatchJob | str, When]]:
    if after is None:
        return []
    if isinstance(after, Mapping):
        return list(after.items())
    jobs = [after] if isinstance(after, (str, BatchJob)) else after
    return [(job, "succeeded") for job in jobs]


def _gateway_cells(gateway: Gateway) -> tuple[str, ...]:
    state = "ready" if gateway.health.ok else plain(gateway.health.error or "does not answer")
    queues = ", ".join(
        plain(queue.name) + (" (default)" if queue.default else "") for queue in gateway.queues
    )
    return plain(gateway.id), plain(gateway.kind), plain(gateway.title), state, queues


def _job_cells(job: BatchJob) -> tuple[str, ...]:
    row = job.row
    return (
        row.id,
        plain(row.name),
        phase_word(row),
        where(row),
        when(row, job.as_of),
        asked_for(row),
        plain(row.reason_text or (row.progress.text if row.progress else "")),
    )
