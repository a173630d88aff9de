"""Arrays as Slurm writes them, and what its records of them add up to.

Slurm keeps the tasks of an array that have not started in one record, which has the array's own id
and their indices as a text; each task that starts gets a record and an id of its own, and the last
one takes the array's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from jupyterlab_batch.domain.phases import is_final
from jupyterlab_batch.gateways.arraysum import sum_of_tasks
from jupyterlab_batch.gateways.observation import Observation
from jupyterlab_batch.gateways.slurm.records import Record
from jupyterlab_batch.gateways.waiting import Waiting


def collect(records: Iterable[Record]) -> list[Observation]:
    """Return what records say of jobs, those of the tasks of an array together."""
    found: list[Observation] = []
    arrays: dict[str, list[Record]] = {}
    for record in records:
        if record.array_id is None:
            found.append(record.observation())
        else:
            arrays.setdefault(record.array_id, []).append(record)
    return [*found, *(_array(native_id, parts) for native_id, parts in arrays.items())]


def _array(native_id: str, records: Sequence[Record]) -> Observation:
    tasks = tuple(one.observation() for one in records if one.index is not None)
    together = [one for one in records if one.index is None]
    if not together:
        return sum_of_tasks(native_id, tasks)
    seen = together[0].observation()
    waiting = together[0].waiting or Waiting(runs=(), is_cut=True)
    waiting = replace(waiting, end=seen if is_final(seen.phase) else None)
    if not tasks:
        return replace(seen, waiting=waiting)
    return replace(sum_of_tasks(native_id, tasks, rest=seen), waiting=waiting)
