"""Reading the files of jobs beside the event loop, a few at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final, ParamSpec, TypeVar

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

_THREADS: Final = 2


class FileReader:
    """Takes a few threads at most, however many jobs there are, and however slow their disk is.

    The others are for what users ask for.
    """

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(_THREADS)

    async def read(
        self,
        function: Callable[Parameters, Result],
        *arguments: Parameters.args,
        **named: Parameters.kwargs,
    ) -> Result:
        """Call a function that reads files in a thread, when it is its turn."""
        async with self._turn:
            return await asyncio.to_thread(function, *arguments, **named)
