"""A gateway without a batch system: what it answers is said by the test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime, timezone

from traitlets import Bool, Unicode

from jupyterlab_batch.domain.generated import (
    Allocation,
    AllocationList,
    Capabilities,
    ChangeableField,
    Gateway,
    Health,
    Issue,
    JobSpec,
    Limits,
    Preview,
    Queue,
    Survives,
)
from jupyterlab_batch.gateways.base import NO_SITE, JobGateway
from jupyterlab_batch.gateways.charge import Charge
from jupyterlab_batch.gateways.launch import Launch, Submitted
from jupyterlab_batch.gateways.observation import HealthChanged, Observation, WatchEvent
from jupyterlab_batch.gateways.order import Order, Requeue
from jupyterlab_batch.gateways.tracking import Tracked
from tests.fakes.clusters import FakeClusters


class FakeGateway(JobGateway):
    """Remembers what it was asked and answers what the test put there."""

    kind = "fake"
    greeting = Unicode("hello", help="An option, to test that options arrive.").tag(config=True)
    history = Bool(True).tag(config=True)

    def __init__(self, **options: object) -> None:
        super().__init__(**options)
        self.launches: list[Launch] = []
        self.looked_up: list[str] = []
        self.cancelled: list[str] = []
        self.cancelled_tasks: list[tuple[str, list[int]]] = []
        self.may_use: list[Allocation] = []
        self.charges: Charge | Exception | None = None
        self.max_gpus: int | None = 2
        self.max_array_size: int | None = 1000
        self.dependencies = True
        self.changes: list[ChangeableField] = ["walltime_seconds", "nice", "comment"]
        self.script_options = False
        self.task_orders = True
        self.why_no_requeue: str | None = None
        self.orders: list[tuple[str, Order, list[int]]] = []
        self.order_errors: list[Exception] = []
        self.holds: list[tuple[str, bool]] = []
        """Native ids, each with whether it was to be held or released."""
        self.nudged: list[str] = []
        self.tracked: list[Tracked] = []
        self.interests: list[bool] = []
        self.says: Callable[[str], Observation] | None = None
        """What it says of a job, by its native id, when it takes it."""
        self.issues: list[Issue] = []
        self.submit_errors: list[Exception] = []
        """Raised by the next submissions, one each."""
        self.cancel_errors: list[Exception] = []
        self.hold_errors: list[Exception] = []
        self.look_up_answers: list[Observation | Exception | None] = []
        """Given by the next look-ups, one each; then ``None`` for ever."""
        self.states: list[Observation] = []
        """What it says of jobs when it is asked."""
        self.may_submit = asyncio.Event()
        self.may_submit.set()
        self.submitting = asyncio.Event()
        self.is_ok = True
        self._events: asyncio.Queue[WatchEvent] = asyncio.Queue()
        self._next_id = 100
        self.dask = FakeClusters(gateway_id=self.gateway_id, title=self.title)

    def clusters(self) -> FakeClusters:
        return self.dask

    async def allocations(self, *, fresh: bool = False) -> AllocationList:
        if not self.may_use:
            return await super().allocations(fresh=fresh)
        as_of = datetime.now(timezone.utc)
        return AllocationList(
            allocations=self.may_use, as_of=as_of, missing="asked again" if fresh else None
        )

    async def charge(self, spec: JobSpec) -> Charge | None:
        if isinstance(self.charges, Exception):
            raise self.charges
        return self.charges

    def see(self, event: WatchEvent) -> None:
        """Let the gateway notice something."""
        self._events.put_nowait(event)

    @property
    def has_told_all(self) -> bool:
        """Whether all that it noticed was fetched."""
        return self._events.empty()

    def give_again(self, native_id: str) -> None:
        """Forget a job: the next one gets its id."""
        self._next_id = int(native_id) - 1

    def fall_silent(self) -> None:
        """Be unreachable from now on."""
        self.is_ok = False
        self.see(HealthChanged())

    async def describe(self, *, fresh: bool = False) -> Gateway:
        del fresh
        error = None if self.is_ok else "connection refused"
        as_of = datetime(2026, 1, 1, tzinfo=timezone.utc)
        return Gateway(
            id=self.gateway_id,
            kind=self.kind,
            title=self.title,
            version="1",
            health=Health(ok=self.is_ok, auth_ok=True, latency_ms=1.0, error=error, as_of=as_of),
            capabilities=Capabilities(
                push=True,
                history=self.history,
                memory_limit=True,
                walltime_limit=True,
                usage=True,
                accounts=True,
                hold=True,
                dependencies=self.dependencies,
                signal=True,
                requeue=self.why_no_requeue is None,
                suspend=True,
                changes=self.changes,
                task_orders=self.task_orders,
                script_options=self.script_options,
            ),
            survives=Survives(server_restart=True, reboot=False),
            limits=Limits(
                max_cores=8,
                max_memory_bytes=2**33,
                max_gpus=self.max_gpus,
                max_array_size=self.max_array_size,
                max_name_length=200,
            ),
            queues=[
                Queue(
                    name="main",
                    title="Main",
                    max_walltime_seconds=3600,
                    default_walltime_seconds=None,
                    max_cores=8,
                    max_memory_bytes=2**33,
                    max_nodes=None,
                    total_cores=None,
                    gpus=[],
                    features=[],
                    accounts=None,
                    qos=None,
                    is_open=True,
                    default=True,
                )
            ],
            accounts=["astro"],
            site=NO_SITE,
            notices=[],
        )

    async def check(self, spec: JobSpec) -> list[Issue]:
        del spec
        return self.issues

    def render(self, launch: Launch) -> Preview:
        return Preview(script=launch.script_text, request=f"submit {launch.script_path}")

    async def submit(self, launch: Launch) -> Submitted:
        self.launches.append(launch)
        self.submitting.set()
        await self.may_submit.wait()
        if self.submit_errors:
            raise self.submit_errors.pop(0)
        self._next_id += 1
        native_id = str(self._next_id)
        said = None if self.says is None else self.says(native_id)
        return Submitted(native_id=native_id, submitted_at=datetime.now(timezone.utc), said=said)

    async def look_up(self, launch: Launch) -> Observation | None:
        self.looked_up.append(launch.tag)
        answer = self.look_up_answers.pop(0) if self.look_up_answers else None
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def look_at(self, native_ids: Sequence[str]) -> list[Observation]:
        return [state for state in self.states if state.native_id in native_ids]

    async def watch(self) -> AsyncIterator[WatchEvent]:
        while True:
            yield await self._events.get()

    def track(self, jobs: Sequence[Tracked]) -> None:
        self.tracked.extend(jobs)

    def nudge(self, native_ids: Sequence[str]) -> None:
        self.nudged.extend(native_ids)

    def set_interest(self, *, looking: bool) -> None:
        self.interests.append(looking)

    async def cancel(self, native_id: str) -> None:
        self.cancelled.append(native_id)
        if self.cancel_errors:
            raise self.cancel_errors.pop(0)

    async def cancel_tasks(self, native_id: str, task_indices: Sequence[int]) -> None:
        self.cancelled_tasks.append((native_id, list(task_indices)))

    async def hold(self, native_id: str) -> None:
        self._hold(native_id, is_held=True)

    async def release(self, native_id: str) -> None:
        self._hold(native_id, is_held=False)

    def _hold(self, native_id: str, *, is_held: bool) -> None:
        self.holds.append((native_id, is_held))
        if self.hold_errors:
            raise self.hold_errors.pop(0)

    def why_never(self, native_id: str, order: Order) -> str | None:
        return f"{self.why_no_requeue} {native_id}" if isinstance(order, Requeue) else None

    async def order(
        self, native_id: str, order: Order, *, tag: str, task_indices: Sequence[int] = ()
    ) -> None:
        assert tag.startswith("jlb:")
        self.orders.append((native_id, order, list(task_indices)))
        if self.order_errors:
            raise self.order_errors.pop(0)
