"""What slurmdbd keeps of jobs, by slurmrestd."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any, Final, TypeAlias

from jupyterlab_batch.domain.problems import GatewayUnreachable
from jupyterlab_batch.gateways.observation import Observation
from jupyterlab_batch.gateways.pace import TokenBucket
from jupyterlab_batch.gateways.shared import SharedCall
from jupyterlab_batch.gateways.slurm import answers
from jupyterlab_batch.gateways.slurm.arrays import collect
from jupyterlab_batch.gateways.slurm.http import RestClient
from jupyterlab_batch.gateways.slurm.refusals import NOTHING_FOUND

Jobs: TypeAlias = Sequence[Mapping[str, Any]]
LIST_DEADLINE_SECONDS: Final = 60.0
"""For the whole queue or history, only after an answer was lost: 10 000 jobs took 4 to 13 s."""

LAG: Final = timedelta(seconds=6)
"""So long after it was submitted slurmdbd may not know a job, whether or not it is over.

slurmctld tells of new ones every 5 s; of 25 jobs, 23 were there 4.7 to 5.5 s later (22.05).
"""
MOST_NAMES: Final = 50
_PLAIN_NAME: Final = re.compile(r"[A-Za-z0-9._+-]+")


async def own_jobs(client: RestClient, jobs: Jobs, owner: str) -> Jobs:
    """Leave out those of others, which are shown to operators of Slurm, or to everybody.

    Whose a job is may not be known: slurmdbd names the user of an association.

    Parameters
    ----------
    owner
        Where the name of its user stands in a job.
    """
    user_name = await client.user_name()
    return [job for job in jobs if (job.get(owner) or user_name) == user_name]


class History:
    """Own jobs of now and of before. Where there is no slurmdbd there are none."""

    def __init__(self, client: RestClient, pace: TokenBucket) -> None:
        self._client = client
        self._pace = pace
        self._submitted = SharedCall(self._list_submitted)

    async def stop(self) -> None:
        """Ask no more."""
        await self._submitted.stop()

    async def of(self, native_ids: Sequence[str]) -> list[Observation]:
        """Ask for each job; of an id that was used again, the last one."""
        if not await self._is_there():
            return []
        single = [native_id for native_id in native_ids if "_" not in native_id]
        found = []
        for native_id in single:
            jobs = await self._records(f"job/{native_id}")
            seen = collect(map(answers.history_record, jobs))
            found += [one for one in seen if one.native_id == native_id][-1:]
        tasks = [native_id for native_id in native_ids if "_" in native_id]
        if tasks:
            jobs = await self._records("jobs", params={"step": ",".join(tasks)})
            found += collect(map(answers.history_record, jobs))
        return found

    async def submitted(self, name: str, since: datetime) -> Jobs:
        """Return own jobs from a moment on, those of a name among them.

        They are asked for once for all who want to know now.

        Notes
        -----
        v0.0.38: ``users`` is refused (9000); ``submit_time`` also finds what waits, which
        ``start_time`` does not; a name is cut at commas, and one with a blank finds nothing.
        """
        return await self._submitted.ask((name, since)) if await self._is_there() else []

    async def catches_up(self, sent_at: datetime) -> bool:
        """Wait until it knows a job that was sent a moment ago; tell whether that was needed."""
        left = sent_at + LAG - datetime.now(timezone.utc)
        if not await self._is_there() or not timedelta(0) < left <= LAG:
            return False
        await asyncio.sleep(left.total_seconds())
        return True

    async def _list_submitted(self, asked: Sequence[tuple[str, datetime]]) -> Jobs:
        since = min(moment for _, moment in asked)
        if await self._client.version() > 38:
            user_name = await self._client.user_name()
            params = {"start_time": str(int(since.timestamp())), "users": user_name}
        else:
            params = {"submit_time": since.astimezone().strftime("%Y-%m-%dT%H:%M:%S")}
            names = sorted({name for name, _ in asked})
            if len(names) <= MOST_NAMES and all(map(_PLAIN_NAME.fullmatch, names)):
                params["job_name"] = ",".join(names)
        return await self._records("jobs", params=params, deadline_seconds=LIST_DEADLINE_SECONDS)

    async def _is_there(self) -> bool:
        await self._client.version()
        return self._client.has_database

    async def _records(self, path: str, **more: Any) -> Jobs:  # noqa: ANN401 -- passed on
        await self._pace.take()
        reply = await self._client.slurmdb(path, **more)
        if reply.has_error(NOTHING_FOUND):
            return []
        if not reply.is_ok:
            raise GatewayUnreachable(f"Slurm's accounting does not answer: {reply.complaint}.")
        return await own_jobs(self._client, reply.body.get("jobs") or [], "user")
