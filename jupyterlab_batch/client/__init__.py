"""Submit and follow batch jobs from Python, with nothing but the standard library.

The folder ``jupyterlab_batch`` on the path of a kernel's environment is all it takes::

    from jupyterlab_batch.client import Batch

    batch = Batch()
    job = batch.submit(notebook="lens-time-delay.ipynb", cores=2, memory="2GB", time="10m")
    job.wait()
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jupyterlab_batch.client.batch import Batch
    from jupyterlab_batch.client.errors import BatchError
    from jupyterlab_batch.client.job import BatchJob

__all__ = ["Batch", "BatchError", "BatchJob"]


def __getattr__(name: str) -> object:
    """Import what is asked for: a kernel that only loads the magics pays for nothing else."""
    if name not in __all__:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    from jupyterlab_batch.client import batch, errors, job  # noqa: PLC0415 -- as said above

    public = {"Batch": batch.Batch, "BatchError": errors.BatchError, "BatchJob": job.BatchJob}
    globals().update(public)
    return public[name]
