"""What slurmdbd keeps of jobs, by slurmrestd."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
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
        self._all_since = SharedCall(self._list_since)

    async def stop(self) -> None:
        """Ask no more."""
        await self._all_since.stop()

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

    async def since(self, moment: datetime) -> Jobs:
        """Return all jobs from a moment on, asked for once for all who want to know now."""
        return await self._all_since.ask(moment) if await self._is_there() else []

    async def _list_since(self, moments: Sequence[datetime]) -> Jobs:
        since = min(moments)
        if await self._client.version() <= 38:
            params = {"start_time": since.astimezone().strftime("%Y-%m-%dT%H:%M:%S")}
        else:
            user_name = await self._client.user_name()
            params = {"start_time": str(int(since.timestamp())), "users": user_name}
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
