"""One call for all who ask at the same time: what is dear must not cost more when much is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, Generic, TypeVar

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


class SharedCall(Generic[Asked, Answer]):
    """Makes a call at once, and the next one for all who asked meanwhile.

    So at most one runs, and each answer is younger than its question.

    Parameters
    ----------
    call
        Gets what all of them ask for.
    pause_seconds
        So long nothing is asked after an answer.
    start
        Makes a task of a call.
    """

    def __init__(
        self,
        call: Callable[[Sequence[Asked]], Awaitable[Answer]],
        *,
        pause_seconds: float = 0.0,
        start: Callable[[Coroutine[Any, Any, Answer]], asyncio.Task[Answer]] = asyncio.create_task,
    ) -> None:
        self._call = call
        self._pause_seconds = pause_seconds
        self._start = start
        self._free_at = 0.0
        self._asked: list[Asked] = []
        self._running: asyncio.Task[Answer] | None = None
        self._next: asyncio.Task[Answer] | None = None

    async def ask(self, what: Asked) -> Answer:
        """Return the answer to a call that begins from now on; raises what the call raises."""
        self._asked.append(what)
        if self._next is None:
            self._next = self._start(self._run(self._running))
            # Those who asked may have gone away meanwhile.
            self._next.add_done_callback(lambda task: task.cancelled() or task.exception())
        return await asyncio.shield(self._next)

    @property
    def is_idle(self) -> bool:
        """Nobody waits, and whoever asks now is answered at once."""
        is_running = self._running is not None and not self._running.done()
        is_free = asyncio.get_running_loop().time() >= self._free_at
        return is_free and not is_running and self._next is None

    async def stop(self) -> None:
        """Ask no more."""
        tasks = [task for task in (self._running, self._next) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, before: asyncio.Task[Answer] | None) -> Answer:
        if before is not None:
            await asyncio.wait({before})
            await asyncio.sleep(self._free_at - asyncio.get_running_loop().time())
        asked, self._asked = self._asked, []
        self._running, self._next = self._next, None
        try:
            return await self._call(asked)
        finally:
            self._free_at = asyncio.get_running_loop().time() + self._pause_seconds
