"""Batch jobs in JupyterLab: the server extension, and the IPython magics of its client.

Nothing is imported before it is asked for: a kernel that loads the magics must not pay for the
server, nor the server for the client.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    """Tell JupyterLab where the front end lies."""
    return [{"src": "labextension", "dest": "jupyterlab-batch"}]


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    """Tell Jupyter Server which extension application to load."""
    from jupyterlab_batch.extension import BatchExtension  # noqa: PLC0415 -- only a server needs it

    return [{"module": "jupyterlab_batch", "app": BatchExtension}]


def load_ipython_extension(ipython: InteractiveShell) -> None:
    """Register ``%batch`` (``%load_ext jupyterlab_batch``)."""
    from jupyterlab_batch.client.magics import register  # noqa: PLC0415 -- only a kernel needs it

    register(ipython)
