"""One call for all who ask at the same time: what is dear must not cost more when much is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


class SharedCall(Generic[Asked, Answer]):
    """Makes a call at once, and the next one for all who asked meanwhile.

    So at most one runs, and each answer is younger than its question.

    Parameters
    ----------
    call
        Gets what all of them ask for.
    """

    def __init__(self, call: Callable[[Sequence[Asked]], Awaitable[Answer]]) -> None:
        self._call = call
        self._asked: list[Asked] = []
        self._running: asyncio.Task[Answer] | None = None
        self._next: asyncio.Task[Answer] | None = None

    async def ask(self, what: Asked) -> Answer:
        """Return the answer to a call that begins from now on; raises what the call raises."""
        self._asked.append(what)
        if self._next is None:
            self._next = asyncio.create_task(self._run(self._running))
            # Those who asked may have gone away meanwhile.
            self._next.add_done_callback(lambda task: task.cancelled() or task.exception())
        return await asyncio.shield(self._next)

    async def stop(self) -> None:
        """Ask no more."""
        tasks = [task for task in (self._running, self._next) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, before: asyncio.Task[Answer] | None) -> Answer:
        if before is not None:
            await asyncio.wait({before})
        asked, self._asked = self._asked, []
        self._running, self._next = self._next, None
        return await self._call(asked)
