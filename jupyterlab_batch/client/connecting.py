"""From the places that a server names to a ``distributed.Client``, if the versions fit."""

from __future__ import annotations

import warnings
from importlib import import_module
from typing import TYPE_CHECKING, Any

from jupyterlab_batch.client.errors import BatchError

if TYPE_CHECKING:
    from jupyterlab_batch.client.generated import ClusterClient

COMPARED = ("python", "dask", "distributed", "cloudpickle", "numpy")


class VersionsDiffer(UserWarning):
    """Both sides of a cluster have other versions of what must be the same."""


def connect(told: ClusterClient) -> Any:  # noqa: ANN401 -- a class of dask, which need not be installed
    """Return a client of a cluster, and warn if versions differ.

    Raises
    ------
    BatchError
        This Python has no dask.
    """
    try:
        distributed = import_module("distributed")
        security = import_module("distributed.security")
    except ImportError as error:
        raise BatchError(
            "dask is not installed in the Python of this notebook; the cluster is unharmed. "
            "Install it: %pip install 'dask[distributed]', or choose a kernel of "
            f"{told.python or 'the Python that runs the cluster'}.",
            code="dask_not_installed",
        ) from error
    files = told.connection
    client = distributed.Client(
        scheduler_file=files.scheduler_file,
        security=security.Security(
            require_encryption=True,
            tls_ca_file=files.tls_ca_file,
            tls_client_cert=files.tls_certificate_file,
            tls_client_key=files.tls_key_file,
        ),
    )
    differing = compare(client.get_versions())
    if differing:
        where = told.python or "the Python that runs the cluster"
        lines = ["Versions differ, and work may fail:", *(f"  {one}" for one in differing)]
        lines.append(
            f"Start the cluster with the Python of this notebook, or use a kernel of {where}."
        )
        warnings.warn("\n".join(lines), VersionsDiffer, stacklevel=3)
    return client


def compare(versions: dict[str, Any]) -> list[str]:
    """Return what differs between a client and its cluster, a sentence each.

    Parameters
    ----------
    versions
        As ``Client.get_versions`` returns them.
    """
    here = versions["client"]["packages"]
    others = [versions["scheduler"], *versions["workers"].values()]
    sides = [side["packages"] for side in others]
    found = {
        f"{name} is {here.get(name)} in this notebook and {there.get(name)} on the cluster"
        for there in sides
        for name in COMPARED
        if there.get(name) != here.get(name)
    }
    return sorted(found)
