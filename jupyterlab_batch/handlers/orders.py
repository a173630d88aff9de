"""Orders to one job, or to some tasks of an array."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from msgspec import UnsetType
from tornado import web

from jupyterlab_batch.domain.generated import CancelInput, TasksInput
from jupyterlab_batch.gateways.order import Hold, Requeue, Resume, SendSignal, Suspend
from jupyterlab_batch.handlers.base import ProblemAPIHandler


class CancelHandler(ProblemAPIHandler):
    """The end of a job."""

    @web.authenticated
    @authorized
    async def post(self, job_id: str) -> None:
        """End a job that is not over, or some tasks of an array, or send them a signal."""
        given = self.decode_body(CancelInput) if self.body else CancelInput()
        if not isinstance(given.signal, UnsetType):
            order = SendSignal(given.signal)
            self.answer(await self.service.orderer.give(job_id, order, given.task_indices))
        elif isinstance(given.task_indices, UnsetType):
            self.answer(await self.service.actor.cancel(job_id))
        else:
            self.answer(await self.service.actor.cancel_tasks(job_id, given.task_indices))


class HoldHandler(ProblemAPIHandler):
    """A job that is not to start yet."""

    @web.authenticated
    @authorized
    async def post(self, job_id: str) -> None:
        """Keep a job that waits from starting, or some tasks of an array."""
        given = self.decode_body(TasksInput) if self.body else TasksInput()
        if isinstance(given.task_indices, UnsetType):
            self.answer(await self.service.actor.hold(job_id))
        else:
            order = Hold(is_held=True)
            self.answer(await self.service.orderer.give(job_id, order, given.task_indices))


class ReleaseHandler(ProblemAPIHandler):
    """A held job that may start."""

    @web.authenticated
    @authorized
    async def post(self, job_id: str) -> None:
        """Let a held job start again, or some tasks of an array."""
        given = self.decode_body(TasksInput) if self.body else TasksInput()
        if isinstance(given.task_indices, UnsetType):
            self.answer(await self.service.actor.release(job_id))
        else:
            order = Hold(is_held=False)
            self.answer(await self.service.orderer.give(job_id, order, given.task_indices))


class SuspendHandler(ProblemAPIHandler):
    """A job that is to stop where it is."""

    @web.authenticated
    @authorized
    async def post(self, job_id: str) -> None:
        """Suspend a job that runs, or some tasks of an array."""
        given = self.decode_body(TasksInput) if self.body else TasksInput()
        self.answer(await self.service.orderer.give(job_id, Suspend(), given.task_indices))


class ResumeHandler(ProblemAPIHandler):
    """A suspended job that may go on."""

    @web.authenticated
    @authorized
    async def post(self, job_id: str) -> None:
        """Let a suspended job go on, or some tasks of an array."""
        given = self.decode_body(TasksInput) if self.body else TasksInput()
        self.answer(await self.service.orderer.give(job_id, Resume(), given.task_indices))


class RequeueHandler(ProblemAPIHandler):
    """A job that is to run again from its beginning."""

    @web.authenticated
    @authorized
    async def post(self, job_id: str) -> None:
        """End a job that runs and let it run again, or some tasks of an array."""
        given = self.decode_body(TasksInput) if self.body else TasksInput()
        self.answer(await self.service.orderer.give(job_id, Requeue(), given.task_indices))
