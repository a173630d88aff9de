"""Slurm by its command-line tools, as the user who runs the Jupyter server."""

from __future__ import annotations

import asyncio
import errno
import os
import pwd
import re
import shlex
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from jupyterlab_batch.domain.generated import Preview
from jupyterlab_batch.domain.problems import (
    AnswerLost,
    GatewayRefused,
    GatewayUnreachable,
    NotSignedIn,
)
from jupyterlab_batch.gateways.launch import Launch
from jupyterlab_batch.gateways.observation import Observation
from jupyterlab_batch.gateways.order import (
    Change,
    Hold,
    Order,
    Requeue,
    Resume,
    SendSignal,
    Suspend,
)
from jupyterlab_batch.gateways.running import Killed
from jupyterlab_batch.gateways.slurm import tables
from jupyterlab_batch.gateways.slurm.arrays import collect
from jupyterlab_batch.gateways.slurm.arraytext import array_text
from jupyterlab_batch.gateways.slurm.balances import Balances
from jupyterlab_batch.gateways.slurm.clibalances import read_balances
from jupyterlab_batch.gateways.slurm.clicluster import describe_cluster
from jupyterlab_batch.gateways.slurm.orders import Target, argv_of, refusal_of
from jupyterlab_batch.gateways.slurm.refusals import by_words
from jupyterlab_batch.gateways.slurm.script import Request, readable_script, request_of
from jupyterlab_batch.gateways.slurm.tools import Outcome, Tools, problem_of
from jupyterlab_batch.gateways.slurm.transport import Cluster, Transport, is_of_launch

"""It says after 9 s that slurmctld is not there, and after 10 s that it is silent (22.05)."""

_NOT_CONTACTED: Final = ("connect failure", "Connection refused", "Unable to establish config")
_LOST_WORDS: Final = (
    *("timed out", "Zero Bytes", "Connection reset", "missing socket", "Header lengths"),
    *("send failure", "receive failure", "shutdown failure", "Insane message length"),
    "Communication connection failure",
    *map(os.strerror, (errno.ENOTCONN, errno.EPIPE, errno.ECONNABORTED)),
)
"""What `slurm_strerror` of 22.05 says of a connection that broke while it was in use."""
_NO_ANSWER_WORDS: Final = (*_NOT_CONTACTED, *_LOST_WORDS, "Unable to contact")
_OVER_WORDS: Final = ("already completing or completed", "Invalid job id")
_NO_HISTORY_WORDS: Final = ("accounting storage is disabled", "not configured")


class CommandLine(Transport):
    """``sbatch``, ``squeue``, ``sacct``, ``scancel``, ``sinfo``, ``sacctmgr`` and ``scontrol``."""

    orders = frozenset({Hold, Suspend, Resume, Requeue, SendSignal, Change})

    def __init__(self, tools: Tools, *, submit_deadline_seconds: float) -> None:
        self._tools = tools
        self._submit_deadline_seconds = submit_deadline_seconds
        self._user_name = pwd.getpwuid(os.geteuid()).pw_name

    def preview(self, launch: Launch) -> Preview:
        """Return what `submit` sends: the command with its environment, and the script for it."""
        request = request_of(launch)
        environment = [f"{name}={value}" for name, value in self._environment(request).items()]
        words = ["env", "-i", *environment, "sbatch", *_arguments(request)]
        return Preview(
            script=readable_script(request, launch),
            request=" \\\n  ".join(shlex.quote(word) for word in words),
        )

    def _environment(self, request: Request) -> dict[str, str]:
        return {**self._tools.environment, **request.environment}

    async def submit(self, launch: Launch) -> str:
        """Run ``sbatch`` with the script on its standard input."""
        request = request_of(launch)
        try:
            outcome = await self._tools.run(
                "sbatch",
                *_arguments(request),
                stdin=request.script,
                environment=self._environment(request),
                deadline_seconds=self._submit_deadline_seconds,
            )
        except Killed as killed:
            raise AnswerLost(f"sbatch {killed}") from None
        match = re.match(r"(\d+)(;.*)?$", outcome.stdout.strip())
        if match and outcome.code == 0:
            return match[1]
        if match or outcome.code <= 0:
            # It did not say no: a site's own sbatch prints something else, or a signal ended it,
            # perhaps in the middle of the number.
            raise AnswerLost(f"sbatch ended with {outcome.code} and without the number of a job")
        raise _submit_problem(outcome)

    async def jobs(self, native_ids: Sequence[str]) -> list[Observation]:
        """Run ``squeue`` once, for all jobs of the user: asking by id fails if one is unknown."""
        return await asyncio.to_thread(_observed, await self._queue(), frozenset(native_ids))

    async def _queue(self) -> list[dict[str, str]]:
        layout = ",".join(f"{field}:{tables.SEPARATOR}" for field in tables.QUEUE_FIELDS)
        which = (f"--user={self._user_name}", "--states=all", "--array-unique")
        text = await self._tools.ask("squeue", "--noheader", *which, "-O", layout)
        return await asyncio.to_thread(_table, "squeue", text, tables.QUEUE_FIELDS)

    async def history(self, native_ids: Sequence[str]) -> list[Observation]:
        """Run ``sacct`` once; it knows tasks of arrays too, as ``7_3``."""
        return await self._records(f"--jobs={','.join(native_ids)}") if native_ids else []

    async def _records(self, *which: str) -> list[Observation]:
        return await asyncio.to_thread(_recorded, await self._history(*which), os.geteuid())

    async def _history(self, *which: str) -> list[dict[str, str]]:
        """Ask for own jobs alone: an operator of Slurm is shown those of everybody."""
        try:
            text = await self._tools.ask(
                "sacct",
                "--noheader",
                "--parsable2",
                f"--delimiter={tables.SEPARATOR}",
                f"--format={','.join(tables.HISTORY_FIELDS)}",
                f"--user={self._user_name}",
                *which,
            )
        except GatewayUnreachable as problem:
            if any(word in problem.message for word in _NO_HISTORY_WORDS):
                return []
            raise
        return await asyncio.to_thread(_table, "sacct", text, tables.HISTORY_FIELDS)

    async def find(self, launch: Launch, since: datetime) -> Observation | None:
        """Look in the queue, then in the history."""
        for row in await self._queue():
            if is_of_launch(launch, row["Comment"], row["WorkDir"]):
                return collect([tables.queue_record(row)])[0]
        local = since.astimezone().strftime("%Y-%m-%dT%H:%M:%S")
        for row in await self._history(f"--starttime={local}"):
            if is_of_launch(launch, row["Comment"], row["WorkDir"]):
                found = await self._records(f"--jobs={row['JobID'].partition('_')[0]}")
                return found[0] if found else None
        return None

    async def cancel(self, native_id: str) -> None:
        """Run ``scancel``."""
        try:
            outcome = await self._tools.run("scancel", native_id)
        except Killed as killed:
            raise GatewayUnreachable(f"Slurm's program scancel {killed}. Try again.") from None
        if outcome.code == 0 or any(word in outcome.stderr for word in _OVER_WORDS):
            return
        if "denied" in outcome.stderr:
            raise GatewayRefused(f"Slurm did not cancel job {native_id}: {outcome.complaint}.")
        raise problem_of("scancel", outcome)

    async def cancel_tasks(self, native_id: str, indices: Sequence[int]) -> None:
        """Run ``scancel`` once; it says nothing against tasks that are over."""
        await self.cancel(f"{native_id}_[{array_text(indices)}]")

    async def order(self, target: Target, order: Order) -> None:
        """Run ``scontrol`` or, for a signal, ``scancel``."""
        name, *arguments = argv_of(order, target.name)
        try:
            outcome = await self._tools.run(name, *arguments)
        except Killed as killed:
            message = f"Slurm's program {name} {killed}; it may have taken the order or not."
            raise GatewayUnreachable(f"{message} Try again.") from None
        if outcome.code == 0 and not (isinstance(order, SendSignal) and outcome.stderr):
            return
        problem = problem_of(name, outcome)
        is_answer = not any(word in outcome.stderr for word in _NO_ANSWER_WORDS)
        if not is_answer or isinstance(problem, NotSignedIn):
            raise problem
        refusal = refusal_of(order, target, outcome.stderr, outcome.complaint)
        if refusal is not None:
            raise refusal

    async def cluster(self) -> Cluster:
        """Ask each tool once for what it knows of the cluster, none of them for jobs."""
        return await describe_cluster(self._tools, self._user_name)

    async def balances(self, gateway_id: str) -> Balances:
        """Ask slurmctld what it goes by itself."""
        return await read_balances(self._tools, self._user_name, gateway_id)


def _observed(queue: list[dict[str, str]], native_ids: frozenset[str]) -> list[Observation]:
    """Return what squeue's rows say of some jobs; of thousands that takes half a second."""
    return collect(
        tables.queue_record(row)
        for row in queue
        if (row["ArrayJobID"] if row["ArrayTaskID"] else row["JobID"]) in native_ids
    )


def _recorded(history: list[dict[str, str]], own_uid: int) -> list[Observation]:
    """Return what sacct's rows say."""
    return collect(tables.history_records(history, own_uid))


def _table(name: str, text: str, fields: tuple[str, ...]) -> list[dict[str, str]]:
    """Return the rows of what a tool printed; text without any row does not say that there is none.

    Raises
    ------
    GatewayUnreachable
    """
    found = list(tables.rows(text, fields))
    if text.strip() and not found:
        raise GatewayUnreachable(f"Slurm's program {name} printed something that is no table.")
    return found


def _arguments(request: Request) -> list[str]:
    """Return the arguments of ``sbatch``.

    ``ALL`` exports the environment that we made. With ``NIL`` or a list of names Slurm 22.05 runs
    a login shell on the node for the rest, and every ``srun`` in the job would inherit the choice.
    """
    return ["--parsable", "--export=ALL", *request.options()]


def _submit_problem(outcome: Outcome) -> Exception:
    """Tell a refusal from an answer that was lost and from a request that never got through."""
    text = outcome.stderr
    if any(word in text for word in _NOT_CONTACTED):
        return problem_of("sbatch", outcome)
    if any(word in text for word in _LOST_WORDS):
        return AnswerLost(outcome.complaint)
    refusal = by_words(text)
    if refusal is not None:
        return GatewayRefused(
            f"Slurm refused the job: {outcome.complaint}. Nothing was submitted. {refusal.advice}",
            field=refusal.field,
        )
    sign_in = problem_of("sbatch", outcome)
    if not isinstance(sign_in, GatewayUnreachable):
        return sign_in
    return GatewayRefused(f"Slurm refused the job: {outcome.complaint}. Nothing was submitted.")
