"""What Slurm cannot take of an array, said before anything is sent."""

from __future__ import annotations

from collections.abc import Iterator

from jupyterlab_batch.domain.arrays import array_of, array_size, task_indices
from jupyterlab_batch.domain.decoding import issue
from jupyterlab_batch.domain.generated import IndexArray, Issue, JobSpec, ListArray
from jupyterlab_batch.gateways.slurm.arraytext import MAX_TEXT_LENGTH, array_text

ARRAY = "spec.array"


def array_issues(spec: JobSpec, most: int) -> Iterator[Issue]:
    """Yield what is wrong with the indices of an array.

    Parameters
    ----------
    most
        ``MaxArraySize``: indices begin at 0, so the last one must be below this.
    """
    array = array_of(spec)
    if array is None:
        return
    if array_size(array) > most:
        message = f"Slurm takes arrays of at most {most:,} tasks here."
        yield issue(ARRAY, "out_of_range", message, limit=most)
        return
    indices = task_indices(array)
    field = f"{ARRAY}.only" if array.only else ARRAY
    if not array.only and isinstance(array, IndexArray):
        field = f"{ARRAY}.stop"
    elif not array.only and isinstance(array, ListArray):
        field = f"{ARRAY}.indices"
    if indices and max(indices) >= most:
        message = f"Slurm numbers tasks up to {most - 1:,} here (MaxArraySize)."
        yield issue(field, "out_of_range", message, limit=most - 1)
    elif len(array_text(indices)) > MAX_TEXT_LENGTH:
        message = "Written for Slurm these indices are too long. Choose a range, or fewer."
        yield issue(field, "too_long", message, limit=MAX_TEXT_LENGTH)
