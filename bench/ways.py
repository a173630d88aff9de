"""Ways to hand a job over: through our server, or by the raw call of the batch system."""

from __future__ import annotations

import contextlib
import secrets
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timezone
from typing import TYPE_CHECKING

import httpx
import msgspec

from bench.caller import Caller
from bench.server import Server, running_server
from jupyterlab_batch.domain.generated import CommandTask, JobSpec, Resources, Submission
from jupyterlab_batch.domain.identifiers import new_job_id
from jupyterlab_batch.engine.rundirectory import plan_run, write_run
from jupyterlab_batch.engine.runscript import RunContext
from jupyterlab_batch.gateways.launch import Launch
from jupyterlab_batch.gateways.local import LocalGateway
from jupyterlab_batch.gateways.slurm.script import request_of
from jupyterlab_batch.service.launching import launch_of_plan
from tests.slurm_cluster.cluster import SlurmCluster

if TYPE_CHECKING:
    from typing_extensions import Self

Prepare = Callable[..., Callable[[], Awaitable[None]]]
"""Gets one job ready and returns what hands it over, which alone is timed."""

SPEC = JobSpec(
    name="measured",
    task=CommandTask(argv=["true"]),
    resources=Resources(cores=1, memory_bytes=1 << 26, walltime_seconds=60),
)
LONG = msgspec.structs.replace(
    SPEC,
    task=CommandTask(argv=["sleep", "1000"]),
    resources=Resources(cores=1, memory_bytes=1 << 26, walltime_seconds=3600),
)
_IN_ONE_REQUEST = 100
"""As the Python client has it."""


class OurServer:
    """``POST jobs``, as the Python client does from a kernel."""

    def __init__(self, server: Server, gateway_id: str) -> None:
        self._gateway_id = gateway_id
        self._caller = Caller(server.url, server.kernel_headers)

    def prepare(self, spec: JobSpec = SPEC) -> Callable[[], Awaitable[None]]:
        """Make a new key for the same job."""
        body = msgspec.json.encode(Submission(gateway_id=self._gateway_id, spec=spec))
        key = {"Idempotency-Key": secrets.token_urlsafe(24)}
        request = self._caller.request(
            "jobs?anyway=true", body, key
        )  # of Slurm, whose partition is down

        async def send() -> None:
            status, answer = await self._caller.send(request)
            if status != 201 or msgspec.json.decode(answer)["native_id"] is None:
                raise RuntimeError(f"HTTP {status}: {answer.decode()}")

        return send

    def prepare_many(self, count: int) -> Callable[[], Awaitable[None]]:
        """Make keys for many jobs, and return what sends them as ``submit_many`` does."""
        submission = msgspec.to_builtins(Submission(gateway_id=self._gateway_id, spec=SPEC))
        keyed = [{"key": secrets.token_urlsafe(24), "submission": submission} for _ in range(count)]
        requests = [
            self._caller.request(
                "jobs/submissions?anyway=true",
                msgspec.json.encode({"submissions": keyed[start : start + _IN_ONE_REQUEST]}),
                {},
            )
            for start in range(0, count, _IN_ONE_REQUEST)
        ]

        async def send() -> None:
            for request in requests:
                status, answer = await self._caller.send(request)
                results = msgspec.json.decode(answer)["results"] if status == 200 else []
                if not results or any(result["row"] is None for result in results):
                    raise RuntimeError(f"HTTP {status}: {answer.decode()}")

        return send

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the connections."""
        self._caller.close()


@contextlib.asynccontextmanager
async def busy_engine(server: Server) -> AsyncIterator[tuple[Prepare, OurServer]]:
    """Give the raw call of a server's engine, and ours; a long job keeps all others waiting."""
    gateway = LocalGateway(state_directory=str(server.engine_directory))
    try:
        async with OurServer(server, "local") as ours:
            await ours.prepare(LONG)()
            yield engine(server, gateway), ours
    finally:
        await gateway.stop()


@contextlib.asynccontextmanager
async def slurm_by_rest(cluster: SlurmCluster) -> AsyncIterator[tuple[Prepare, OurServer]]:
    """Give the raw call of a slurmrestd, and that of a server on it."""
    token = cluster.token()
    slurm = {"kind": "slurm", "url": cluster.url}
    with running_server(slurm, environment={"SLURM_JWT": token}) as server:
        async with slurm_http(cluster.url) as http, OurServer(server, "slurm") as ours:
            yield slurmrestd(server, http, token), ours


def engine(server: Server, gateway: LocalGateway) -> Prepare:
    """Return the raw call of the engine: its socket, without server and store."""

    def prepare(spec: JobSpec = SPEC) -> Callable[[], Awaitable[None]]:
        launch = _launch(server, "local", spec)

        async def send() -> None:
            await gateway.submit(launch)

        return send

    return prepare


def slurmrestd(server: Server, http: httpx.AsyncClient, token: str) -> Prepare:
    """Return the raw call of slurmrestd."""
    headers = {"X-SLURM-USER-NAME": "root", "X-SLURM-USER-TOKEN": token}

    def prepare(spec: JobSpec = SPEC) -> Callable[[], Awaitable[None]]:
        body = request_of(_launch(server, "slurm", spec)).json(38)

        async def send() -> None:
            answer = await http.post("/slurm/v0.0.38/job/submit", json=body, headers=headers)
            if not answer.json().get("job_id"):
                raise RuntimeError(f"HTTP {answer.status_code}: {answer.text}")

        return send

    return prepare


def slurm_http(url: str) -> httpx.AsyncClient:
    """Return a client that opens a connection for each call, as our gateway must."""
    return httpx.AsyncClient(
        base_url=url,
        limits=httpx.Limits(max_keepalive_connections=0),
        trust_env=False,
        timeout=60.0,
    )


def _launch(server: Server, gateway_id: str, spec: JobSpec = SPEC) -> Launch:
    """Return what our server would make of the same job, its run directory written."""
    now = datetime.now(timezone.utc)
    plan = plan_run(
        spec,
        gateway_id=gateway_id,
        job_id=new_job_id(now),
        key=secrets.token_urlsafe(24),
        nonce=secrets.token_hex(16),
        created_at=now,
        context=RunContext(
            root_dir=server.root,
            run_root=server.root / "raw-jobs",
            python=sys.executable,
            environment={"PATH": "/usr/bin:/bin"},
        ),
    )
    write_run(plan)
    return launch_of_plan(plan)
