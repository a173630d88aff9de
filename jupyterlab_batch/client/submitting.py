"""Submit a job with the fields of the form as arguments, or ask what would come of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from jupyterlab_batch.client.decode import encode
from jupyterlab_batch.client.finding import job_id_of
from jupyterlab_batch.client.gateways import default_gateway
from jupyterlab_batch.client.generated import Check, Dependency, Submission
from jupyterlab_batch.client.job import BatchJob
from jupyterlab_batch.client.sending import new_key, send
from jupyterlab_batch.client.submission import Asked, to_spec

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import timedelta
    from os import PathLike

    from jupyterlab_batch.client.transport import Transport

    When = Literal["succeeded", "finished", "failed"]
    After: TypeAlias = (
        BatchJob | str | Sequence[BatchJob | str] | Mapping[BatchJob | str, When] | None
    )


class SubmitJobs:
    """The part of a client that hands jobs to a gateway."""

    _transport: Transport

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
        stdout_path, stderr_path
            Where it writes what it says, by default into the run directory: absolute, or from the
            working directory on; both may be one file, and what is there stays. With an array
            ``{index}`` has to be in it. `BatchJob.log` reads it there.
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
        modules, conda, python, image
            One of them is set up where the job runs, before its program starts: names of modules,
            the name or the folder of a conda environment, an interpreter or the folder of a
            virtual environment, a container image (``"tools.sif"``, ``"docker://python:3.12"``)
            where the gateway takes it. The kernel of a notebook is that of the last three.
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

    def _submission(self, asked: Asked, after: After) -> Submission:
        awaited = [
            Dependency(job_id=job_id_of(self._transport, job), when=when)
            for job, when in _awaited(after)
        ]
        spec = to_spec(asked, awaited)
        return Submission(gateway_id=asked.gateway or default_gateway(self._transport), spec=spec)


def _awaited(after: After) -> list[tuple[BatchJob | str, When]]:
    if after is None:
        return []
    if isinstance(after, Mapping):
        return list(after.items())
    jobs = [after] if isinstance(after, (str, BatchJob)) else after
    return [(job, "succeeded") for job in jobs]
