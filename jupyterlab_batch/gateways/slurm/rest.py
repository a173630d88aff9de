"""Slurm by slurmrestd."""

from __future__ import annotations

import errno
import json
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from msgspec.structs import replace

from jupyterlab_batch.domain.generated import Preview
from jupyterlab_batch.domain.phases import is_final
from jupyterlab_batch.domain.problems import AnswerLost, GatewayRefused, GatewayUnreachable
from jupyterlab_batch.gateways.launch import Launch
from jupyterlab_batch.gateways.observation import Observation
from jupyterlab_batch.gateways.order import Change, Hold, Order, SendSignal
from jupyterlab_batch.gateways.pace import TokenBucket
from jupyterlab_batch.gateways.shared import SharedCall
from jupyterlab_batch.gateways.slurm import answers
from jupyterlab_batch.gateways.slurm.arrays import collect
from jupyterlab_batch.gateways.slurm.arraytext import run_text, runs_of
from jupyterlab_batch.gateways.slurm.balances import Balances
from jupyterlab_batch.gateways.slurm.http import Reply, RestClient
from jupyterlab_batch.gateways.slurm.orders import Target
from jupyterlab_batch.gateways.slurm.records import Record
from jupyterlab_batch.gateways.slurm.refusals import (
    ACCESS_DENIED,
    ALREADY_OVER,
    NOT_CONTACTED,
    UNKNOWN_JOB,
    by_number,
)
from jupyterlab_batch.gateways.slurm.restbalances import read_balances
from jupyterlab_batch.gateways.slurm.restcluster import describe_cluster
from jupyterlab_batch.gateways.slurm.resthistory import (
    LIST_DEADLINE_SECONDS,
    History,
    Jobs,
    own_jobs,
)
from jupyterlab_batch.gateways.slurm.restorders import give
from jupyterlab_batch.gateways.slurm.script import fit_name, readable_script, request_of
from jupyterlab_batch.gateways.slurm.transport import Cluster, Transport, is_of_launch, time_of_id

LINE_ERRORS: Final = frozenset(
    {errno.EPIPE, errno.ECONNABORTED, errno.ECONNRESET, errno.ENOTCONN, errno.ETIMEDOUT}
)
"""What the system says when the line to slurmctld breaks; 22.05 hands it on as it is."""

LARGEST_ID: Final = 2**32 - 1
SOON_SECONDS: Final = 4.0
"""So soon slurmrestd does not give up a slurmctld that is down."""
FEW_JOBS: Final = 3
DETAILS_AT_ONCE: Final = 10
DETAIL_SECONDS: Final = 60.0
"""How old the reason of a waiting job may get (from v0.0.40, with more than `FEW_JOBS`)."""


class RestApi(Transport):
    """slurmrestd, from v0.0.38 to v0.0.45."""

    orders = frozenset({Hold, SendSignal, Change})

    def __init__(self, client: RestClient, *, submit_deadline_seconds: float) -> None:
        self._client = client
        self._submit_deadline_seconds = submit_deadline_seconds
        self._pace = TokenBucket(per_second=2, burst=4)
        self._details: dict[str, tuple[object, float, Observation]] = {}
        self._history = History(client, self._pace)
        self._all_queued = SharedCall(self._list_queued)
        self._arrays: set[str] = set()
        """Ids of arrays: what is asked of one tells of all its tasks."""

    async def stop(self) -> None:
        """Close the connections."""
        await self._history.stop()
        await self._all_queued.stop()
        await self._client.close()

    @property
    def looks_at_once(self) -> int | None:
        """One, before v0.0.40: each costs a call."""
        return 1 if self._client.spoken_version < 40 else None

    def preview(self, launch: Launch) -> Preview:
        """Return what `submit` sends, but for the token."""
        request = request_of(launch)
        number = self._client.spoken_version
        body = json.dumps(request.json(number), indent=2, ensure_ascii=False)
        return Preview(
            script=readable_script(request, launch),
            request=f"POST {self._client.url}/slurm/v0.0.{number}/job/submit\n"
            f"X-SLURM-USER-TOKEN: (hidden)\n\n{body}",
        )

    async def submit(self, launch: Launch) -> str:
        """Post the job. An accepted one can come with errors: ``job_id`` decides."""
        body = request_of(launch).json(await self._client.version())
        reply = await self._client.slurm(
            "POST", "job/submit", body=body, deadline_seconds=self._submit_deadline_seconds
        )
        native_id = answers.number(reply.body.get("job_id"))
        if native_id is not None and 0 < native_id <= LARGEST_ID:
            return str(native_id)
        numbers = [number for number, _ in reply.errors]
        if NOT_CONTACTED in numbers or errno.ECONNREFUSED in numbers:
            raise GatewayUnreachable(f"slurmrestd does not reach Slurm: {reply.complaint}.")
        if not numbers or any(_is_lost(number) for number in numbers):
            await self._raise_if_signed_out()
            raise AnswerLost(reply.complaint)
        known = [refusal for number in numbers if (refusal := by_number(number)) is not None]
        advice = f" {known[0].advice}" if known else ""
        raise GatewayRefused(
            f"Slurm refused the job: {reply.complaint}. Nothing was submitted.{advice}",
            field=known[0].field if known else None,
        )

    async def jobs(self, native_ids: Sequence[str]) -> list[Observation]:
        """Ask for each job; from v0.0.40, if they are many, first for all states at once."""
        each, found = list(native_ids), []
        if await self._client.version() >= 40 and len(native_ids) > FEW_JOBS:
            each = [native_id for native_id in native_ids if native_id in self._arrays]
            found = await self._by_state([one for one in native_ids if one not in self._arrays])
        asked = [await self._job(native_id) for native_id in each]
        return found + [one for one in asked if one is not None]

    async def _job(self, native_id: str) -> Observation | None:
        await self._pace.take()
        reply = await self._client.slurm("GET", f"job/{native_id}")
        if reply.has_error(UNKNOWN_JOB):
            return None
        jobs = (await self._good(reply)).get("jobs") or []
        seen = collect(map(answers.queue_record, jobs))
        found = next((one for one in seen if one.native_id == native_id), None)
        if found is not None and (found.tasks or found.waiting):
            self._arrays.add(native_id)
        return found

    async def _by_state(self, native_ids: Sequence[str]) -> list[Observation]:
        """Ask for all states, and for the details of the few jobs whose state is another one."""
        params = [("job_id", native_id) for native_id in native_ids]
        reply = await self._client.slurm("GET", "jobs/state", params=params)
        now = time.monotonic()
        kept, self._details = self._details, {}
        found, asked = [], 0
        for job in answers.one_of_each(await self._good(reply)):
            record = answers.state_record(job)
            state, since, seen = kept.get(record.native_id, (None, 0.0, _without_details(record)))
            is_news = state != record.state
            if (is_news or now - since > DETAIL_SECONDS) and asked < DETAILS_AT_ONCE:
                asked += 1
                seen = await self._job(record.native_id) or _without_details(record)
                self._details[record.native_id] = (record.state, now, seen)
            elif is_news:
                seen = _without_details(record)
            else:
                self._details[record.native_id] = (state, since, seen)
            found.append(seen)
        return found

    async def history(self, native_ids: Sequence[str]) -> list[Observation]:
        """Ask slurmdbd."""
        return await self._history.of(native_ids)

    async def find(self, launch: Launch, since: datetime) -> Observation | None:
        """Look in the history, which can be asked for names and a time, then in the whole queue.

        slurmctld is behind with what it tells slurmdbd, which is waited for. That a job is nowhere
        is only told by both.
        """
        sent_at = time_of_id(launch.job_id)
        seen = await self._of_name(launch, since)
        if seen is None and await self._history.catches_up(sent_at):
            seen = await self._of_name(launch, since)
        if seen is not None:
            return await self._job(seen.native_id) or await self._of_history(seen)
        for job in await self._all_queued.ask(None):
            record = answers.queue_record(job)
            folder = answers.text(job.get("current_working_directory"))
            if is_of_launch(launch, record.comment, folder):
                return collect([record])[0]
        return None

    async def _of_name(self, launch: Launch, since: datetime) -> Observation | None:
        for job in await self._history.submitted(fit_name(launch.spec.name), since):
            record = answers.history_record(job)
            if is_of_launch(launch, record.comment, answers.text(job.get("working_directory"))):
                return collect([record])[0]
        return None

    async def _of_history(self, seen: Observation) -> Observation:
        """Return a job with its steps, which v0.0.38 leaves out where it is asked by time."""
        return next(iter(await self.history([seen.native_id])), seen)

    async def _list_queued(self, _: Sequence[None]) -> Jobs:
        reply = await self._client.slurm("GET", "jobs", deadline_seconds=LIST_DEADLINE_SECONDS)
        jobs = (await self._good(reply)).get("jobs") or []
        return await own_jobs(self._client, jobs, "user_name")

    async def cancel(self, native_id: str) -> None:
        """Delete the job. From v0.0.40 a refusal is in ``status``, below HTTP 200."""
        reply = await self._client.slurm("DELETE", f"job/{native_id}")
        numbers = {number for number, _ in reply.errors}
        for status in reply.body.get("status") or []:
            code = answers.number((status.get("error") or {}).get("code"))
            numbers |= {code} if code else set()
        if ACCESS_DENIED in numbers:
            raise GatewayRefused(f"Slurm did not let you cancel job {native_id}.")
        if not numbers & {UNKNOWN_JOB, ALREADY_OVER}:
            await self._good(reply)

    async def cancel_tasks(self, native_id: str, indices: Sequence[int]) -> None:
        """Delete them, each run of neighbours by one call: v0.0.38 takes no list."""
        for run in runs_of(indices):
            for part in [run] if run.step == 1 else [range(index, index + 1) for index in run]:
                await self._pace.take()
                await self.cancel(f"{native_id}_%5B{run_text(part)}%5D")

    async def order(self, target: Target, order: Order) -> None:
        """Update the job, or delete it with a signal."""
        await self._pace.take()
        reply = await give(self._client, target.name, order)
        if reply is not None:
            await self._good(reply)

    async def cluster(self) -> Cluster:
        """Ask for partitions, nodes, reservations and accounts, never for jobs."""
        return await describe_cluster(self._client, self._good)

    async def balances(self, gateway_id: str) -> Balances:
        """Ask slurmdbd for the limits and, from v0.0.40, slurmctld for what is used."""
        return await read_balances(self._client, gateway_id)

    async def _good(self, reply: Reply) -> Mapping[str, Any]:
        """Return the body, or raise: v0.0.38 does not tell a bad token from a silent slurmctld."""
        if reply.is_ok:
            return reply.body
        await self._raise_if_signed_out()
        raise GatewayUnreachable(f"slurmrestd does not reach Slurm: {reply.complaint}.")

    async def _raise_if_signed_out(self) -> None:
        """Ask slurmdbd whether it takes our token; it says so, in every version.

        Notes
        -----
        v0.0.38 without slurmdbd: it says the same of a bad token as of a slurmctld that is down,
        but of that only after it has tried for 9 s.
        """
        if self._client.has_database:
            await self._client.slurmdb("clusters")
        elif await self._client.version() <= 38:
            began = time.monotonic()
            ping = await self._client.slurm("GET", "ping")
            if not ping.is_ok and time.monotonic() - began < SOON_SECONDS:
                raise self._client.not_signed_in()


def _without_details(record: Record) -> Observation:
    """Return what the state alone tells: not the end of a job, before it is known how it ended."""
    seen = record.observation()
    if not is_final(seen.phase):
        return seen
    return replace(seen, phase="EXECUTING", substate="finishing", reason=None, reason_text=None)


def _is_lost(number: int) -> bool:
    """Tell whether an error is one of the line to slurmctld rather than slurmctld's answer."""
    if number in LINE_ERRORS:
        return True
    return number < 0 or 1000 <= number < 1900 or 5000 <= number < 5100
