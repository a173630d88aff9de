"""Calls to slurmctld, and what users do to their jobs by them."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Sequence
from typing import TypeVar

from msgspec.structs import replace

from jupyterlab_batch.domain.generated import TaskRefusal
from jupyterlab_batch.domain.problems import (
    GatewayRefused,
    GatewayUnreachable,
    NotSignedIn,
    TasksRefused,
)
from jupyterlab_batch.gateways.order import Change, Hold, Order
from jupyterlab_batch.gateways.polling import PollingGateway
from jupyterlab_batch.gateways.slurm.orders import (
    NOT_THERE,
    Target,
    not_by_rest,
    targets_of,
    tasks_refused,
)
from jupyterlab_batch.gateways.slurm.transport import PUZZLES, Transport

T = TypeVar("T")


class ActingGateway(PollingGateway):
    """The part of the gateway that gives orders, by whichever way to Slurm."""

    _transport: Transport

    async def _call(self, call: Awaitable[T]) -> T:
        """Wait for a call to slurmctld and note how it went."""
        started = time.monotonic()
        try:
            result = await self._understood(call)
        except (GatewayUnreachable, NotSignedIn) as problem:
            problem.gateway_id = self.gateway_id
            self.note_failure(problem)
            raise
        except GatewayRefused as problem:
            problem.gateway_id = self.gateway_id
            self.note_success(time.monotonic() - started)
            raise
        self.note_success(time.monotonic() - started)
        return result

    async def _understood(self, call: Awaitable[T]) -> T:
        """Wait for a call whose answer may be nonsense, which is as good as none."""
        try:
            return await call
        except PUZZLES as error:
            self.log.warning("Gateway %s: nonsense", self.gateway_id, exc_info=True)
            raise GatewayUnreachable(
                "Slurm's answer makes no sense. Your jobs go on.", gateway_id=self.gateway_id
            ) from error

    async def cancel(self, native_id: str) -> None:
        """End a job, and look soon whether it has ended.

        Not one that has its id by now, nor one that may get it before the order arrives: a
        slurmctld that was killed gives ids a second time. What it does not know needs no order.
        """
        if await self._is_there(native_id):
            await self._call(self._transport.cancel(native_id))
        self.nudge([native_id])

    async def cancel_tasks(self, native_id: str, task_indices: Sequence[int]) -> None:
        """End some tasks of an array, if that has its id still, and look soon how they ended."""
        if await self._is_there(native_id):
            await self._call(self._transport.cancel_tasks(native_id, task_indices))
        self.nudge([native_id])

    async def _is_there(self, native_id: str) -> bool:
        """Tell whether slurmctld has the job that is watched under an id now."""
        is_meant = self._list.recognizer(native_id)  # another may be watched when it has answered
        return any(map(is_meant, await self.list_active([native_id])))

    async def hold(self, native_id: str) -> None:
        """Keep a job from starting.

        Notes
        -----
        22.05: of a job that runs, slurmctld takes the order and does nothing; so we look, and take
        it back, as it would keep the job from being requeued.
        """
        await self._call(self._transport.order(Target(native_id), Hold(is_held=True)))
        self.nudge([native_id])
        if any(seen.phase == "EXECUTING" for seen in await self.list_active([native_id])):
            await self.release(native_id)
            raise GatewayRefused("It has started already.", gateway_id=self.gateway_id)

    async def release(self, native_id: str) -> None:
        """Let a held job start again, and look soon how it is."""
        await self._call(self._transport.order(Target(native_id), Hold(is_held=False)))
        self.nudge([native_id])

    async def order(
        self, native_id: str, order: Order, *, tag: str, task_indices: Sequence[int] = ()
    ) -> None:
        """Give an order to a job, or to some tasks of an array, and look soon what came of it."""
        why_never = self.why_never(native_id, order)
        if why_never is not None:
            raise GatewayRefused(why_never, gateway_id=self.gateway_id)
        if not await self._is_there(native_id):
            self.nudge([native_id])
            raise GatewayRefused(NOT_THERE, gateway_id=self.gateway_id)
        if isinstance(order, Change) and order.comment is not None:
            order = replace(order, comment=f"{tag} {order.comment}".strip())
        refused: list[TaskRefusal] = []
        try:
            for target in targets_of(native_id, task_indices):
                refused += await self._give(target, order)
        finally:
            self.nudge([native_id])
        if refused:
            raise tasks_refused(refused)

    def why_never(self, native_id: str, order: Order) -> str | None:
        """Name the tool that does what slurmrestd has no call for."""
        is_there = type(order) in self._transport.orders
        return None if is_there else not_by_rest(order, native_id)

    async def _give(self, target: Target, order: Order) -> list[TaskRefusal]:
        """Give an order to a job or to some tasks; return to which it was not done, and why."""
        try:
            await self._call(self._transport.order(target, order))
        except TasksRefused as some:
            return some.refused
        except GatewayRefused as problem:
            if not target.tasks:
                raise
            return [TaskRefusal(task_indices=list(target.tasks), message=problem.message)]
        return []
