"""The jobs that another one is to wait for, as Slurm knows them when it is submitted."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from jupyterlab_batch.domain.identifiers import TAG_PREFIX
from jupyterlab_batch.domain.phases import is_final
from jupyterlab_batch.domain.problems import GatewayRefused
from jupyterlab_batch.gateways.launch import AwaitedJob, Launch
from jupyterlab_batch.gateways.observation import Observation

_FIELD = "spec.depends_on"


def ids_of(launch: Launch) -> list[str]:
    """Return the native ids of the jobs that are waited for."""
    return [other.native_id for other in launch.awaited]


def without_met(
    launch: Launch, queued: Mapping[str, Observation], over: Mapping[str, Observation]
) -> Launch:
    """Return a launch that waits for those jobs alone that slurmctld knows.

    Parameters
    ----------
    queued, over
        What the queue and what the history know of them, by native id.

    Raises
    ------
    GatewayRefused
        One ended otherwise than it had to, or nobody knows how.
    """
    kept = []
    for other in launch.awaited:
        if _is_it(other, queued.get(other.native_id)):
            kept.append(other)
            continue
        found = over.get(other.native_id)
        if found is None or not _is_it(other, found) or not is_final(found.phase):
            raise GatewayRefused(
                "Slurm no longer knows a job that this one is to wait for. Nothing was submitted. "
                "Look how that job ended, and submit this one without waiting for it.",
                field=_FIELD,
            )
        if other.when != "finished" and (found.phase == "COMPLETED") != (other.when == "succeeded"):
            raise GatewayRefused(
                "A job that this one is to wait for has ended otherwise, so it would never start. "
                "Nothing was submitted.",
                field=_FIELD,
            )
    return replace(launch, awaited=tuple(kept))


def _is_it(other: AwaitedJob, found: Observation | None) -> bool:
    """Tell whether it is that job: ids are given again."""
    if found is None:
        return False
    is_ours = found.tag is not None and found.tag.startswith(TAG_PREFIX)
    return found.tag == other.tag if is_ours else True
