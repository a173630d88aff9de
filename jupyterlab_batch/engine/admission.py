"""Whether a job may start: what it asks for, what is free, and what it waits for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from jupyterlab_batch.domain.phases import is_final
from jupyterlab_batch.engine.protocol import Awaited, JobRequest, Refusal
from jupyterlab_batch.engine.queue import JobRecord
from jupyterlab_batch.engine.wording import cores, gpus, memory

_WAITS_FOR: Final = {
    "succeeded": "Waiting for “{name}” to complete.",
    "finished": "Waiting for the end of “{name}”.",
    "failed": "Waiting for “{name}” to fail.",
}
_NEVER: Final = {
    "succeeded": "“{name}” did not complete, so this job can never start.",
    "failed": "“{name}” completed, so this job can never start.",
}
_UNKNOWN: Final = "The job that it waits for is not known on this machine any more."


class Capacity(msgspec.Struct, frozen=True, kw_only=True):
    """What jobs may use together, and how they are ended."""

    cores: int
    memory_bytes: int
    gpus: tuple[str, ...]
    """As ``CUDA_VISIBLE_DEVICES`` names them."""
    grace_seconds: float

    def refusal(self, request: JobRequest) -> Refusal | None:
        """Say why a job could never run here."""
        if request.cores > self.cores:
            text = f"This server has {cores(self.cores)} for jobs; {request.cores} can never run."
            return Refusal(message=text, field="spec.resources.cores")
        if request.memory_bytes > self.memory_bytes:
            has, asked = memory(self.memory_bytes), memory(request.memory_bytes)
            text = f"This server has {has} of memory for jobs; {asked} can never run."
            return Refusal(message=text, field="spec.resources.memory_bytes")
        return self.gpu_refusal(request)

    def gpu_refusal(self, request: JobRequest) -> Refusal | None:
        """Say that there are not enough GPUs, be they free or not."""
        if request.gpus <= len(self.gpus):
            return None
        text = f"This server has {gpus(len(self.gpus))} for jobs; {request.gpus} can never run."
        return Refusal(message=text, field="spec.resources.gpus")

    def shortage(self, request: JobRequest, running: Sequence[JobRecord]) -> str | None:
        """Say what a job waits for; ``None`` if there is room for it."""
        if not running or self.gpu_refusal(request) is not None:
            # On a machine that has shrunk since it would wait for ever: it runs by itself, but
            # not without its GPUs, and is told so.
            return None
        free_cores = self.cores - sum(record.request.cores for record in running)
        free_memory = self.memory_bytes - sum(record.request.memory_bytes for record in running)
        if request.cores > free_cores:
            return f"Waiting for {request.cores} free {'core' if request.cores == 1 else 'cores'}."
        if request.memory_bytes > free_memory:
            return f"Waiting for {memory(request.memory_bytes)} of free memory."
        if request.gpus > len(self._free_gpus(running)):
            return f"Waiting for {request.gpus} free {'GPU' if request.gpus == 1 else 'GPUs'}."
        return None

    def share_of_gpus(self, request: JobRequest, running: Sequence[JobRecord]) -> list[str] | None:
        """Return the GPUs that a job gets to itself; ``None`` where there are none at all."""
        return self._free_gpus(running)[: request.gpus] if self.gpus else None

    def _free_gpus(self, running: Sequence[JobRecord]) -> list[str]:
        taken = {gpu for record in running for gpu in record.gpus or ()}
        return [gpu for gpu in self.gpus if gpu not in taken]


class Wait(msgspec.Struct, frozen=True, kw_only=True):
    """What a job waits for, in words."""

    text: str
    is_forever: bool


def waits_for(awaited: Sequence[Awaited], find: Callable[[str], JobRecord | None]) -> Wait | None:
    """Say for which other job one waits; what can never happen comes first.

    Parameters
    ----------
    find
        Returns the job of a tag, as it is now.
    """
    first: Wait | None = None
    for one in awaited:
        other = find(one.tag)
        if other is None:
            return Wait(text=_UNKNOWN, is_forever=True)
        name = other.request.name
        if not is_final(other.state.phase):
            first = first or Wait(text=_WAITS_FOR[one.when].format(name=name), is_forever=False)
        elif one.when != "finished" and (other.state.phase == "COMPLETED") != (
            one.when == "succeeded"
        ):
            return Wait(text=_NEVER[one.when].format(name=name), is_forever=True)
    return first
