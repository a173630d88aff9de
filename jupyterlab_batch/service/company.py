"""What the submissions of one request do together; a single one is in a company of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from jupyterlab_batch.domain.problems import GatewayUnreachable
from jupyterlab_batch.engine.rundirectory import Origin, RunPlan, write_runs
from jupyterlab_batch.service.codeversion import Code, code_of

SENT_AT_ONCE: Final = 8
"""So many of one company are on their way to a batch system at the same time."""
_TOO_SLOW: Final = (
    "The batch system was so slow with those before that this one was not sent. Try again."
)


class _NewRun(msgspec.Struct, eq=False, kw_only=True):
    plan: RunPlan
    origin: Origin | None
    error: Exception | None = None
    code: Code | None = None
    is_written: bool = False


class Company(msgspec.Struct, eq=False, kw_only=True):
    """Writes run directories in one hand-over to a thread, and lets few be sent at once."""

    is_late: Callable[[], bool] = lambda: False
    """Whether those that are not begun by now are to be left."""
    sending: asyncio.Semaphore = msgspec.field(
        default_factory=lambda: asyncio.Semaphore(SENT_AT_ONCE)
    )
    _writing: asyncio.Lock = msgspec.field(default_factory=asyncio.Lock)
    _waiting: list[_NewRun] = msgspec.field(default_factory=list)

    def begin(self, gateway_id: str) -> None:
        """Begin with a job that there is not yet.

        Raises
        ------
        GatewayUnreachable
        """
        if self.is_late():
            raise GatewayUnreachable(_TOO_SLOW, gateway_id=gateway_id)

    async def write(self, plan: RunPlan, origin: Origin | None) -> Code | None:
        """Write a run directory, with those that wait by then; return what tells of its code.

        Raises
        ------
        OSError
            As `write_runs`.
        """
        run = _NewRun(plan=plan, origin=origin)
        self._waiting.append(run)
        async with self._writing:
            if run in self._waiting:
                together, self._waiting = self._waiting, []
                await asyncio.to_thread(_write, together)
        if not run.is_written:
            raise run.error or OSError("writing it was broken off")
        return run.code


def _write(runs: Sequence[_NewRun]) -> None:
    """Write run directories, then look at the code of those that are there. Blocks."""
    errors = write_runs([run.plan for run in runs])
    for run, error in zip(runs, errors, strict=True):
        run.is_written, run.error = error is None, error
    for run in runs:
        if run.is_written:
            run.code = code_of(run.plan, run.origin)
