"""From the places that a server names to a ``distributed.Client``, if the versions fit."""

from __future__ import annotations

import os
import shlex
import subprocess
import warnings
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyterlab_batch.client.errors import BatchError
from jupyterlab_batch.client.generated import ClusterAddress

if TYPE_CHECKING:
    from jupyterlab_batch.client.generated import ClusterClient, SecretPlace

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
    place = told.connection
    client = (
        _gateway_client(place)
        if isinstance(place, ClusterAddress)
        else distributed.Client(
            scheduler_file=place.scheduler_file,
            security=security.Security(
                require_encryption=True,
                tls_ca_file=place.tls_ca_file,
                tls_client_cert=place.tls_certificate_file,
                tls_client_key=place.tls_key_file,
            ),
        )
    )
    differing = compare(client.get_versions())
    if differing:
        lines = ["Versions differ, and work may fail:", *(f"  {one}" for one in differing)]
        warnings.warn("\n".join([*lines, _advice(told)]), VersionsDiffer, stacklevel=3)
    return client


def _advice(told: ClusterClient) -> str:
    """Say what to do where versions differ; a Dask Gateway runs what its options choose."""
    if isinstance(told.connection, ClusterAddress):
        return (
            "Choose a kernel with the versions of the cluster, "
            "or start a cluster whose options fit this one."
        )
    where = told.python or "the Python that runs the cluster"
    return f"Start the cluster with the Python of this notebook, or use a kernel of {where}."


def _gateway_client(place: ClusterAddress) -> Any:  # noqa: ANN401 -- see `connect`
    """Sign in to a Dask Gateway with what lies where the user's own server finds it."""
    try:
        dask_gateway = import_module("dask_gateway")
        auth = import_module("dask_gateway.auth")
    except ImportError as error:
        raise BatchError(
            "dask-gateway is not installed in the Python of this notebook; the cluster is "
            "unharmed. Install it: %pip install dask-gateway, or choose another kernel.",
            code="dask_not_installed",
        ) from error
    secret = _read(place.secret)
    if place.auth == "basic":
        who = auth.BasicAuth(place.user_name, secret)
    elif place.auth == "jupyterhub":
        who = auth.JupyterHubAuth(secret)
    else:
        who = auth.GatewayAuth()
        who.pre_request = lambda _: ({"Authorization": f"Bearer {secret}"}, None)
    gateway = dask_gateway.Gateway(place.address, proxy_address=place.proxy_address, auth=who)
    return gateway.connect(place.name).get_client()


def _read(secret: SecretPlace) -> str:
    if secret.kind == "variable":
        return os.environ.get(secret.place, "").strip()
    if secret.kind == "file":
        return Path(secret.place).expanduser().read_text().strip()
    command = shlex.split(secret.place)
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


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
