"""What a site can set of a Dask Gateway."""

from __future__ import annotations

import getpass
import os
import ssl
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

import httpx
from traitlets import Enum, Float, Int, TraitError, Unicode, default, validate

from jupyterlab_batch.domain.generated import SecretPlace
from jupyterlab_batch.gateways.clusters import ClusterGateway
from jupyterlab_batch.gateways.secret import SecretSource

_VARIABLES: Final[Mapping[str, str]] = {
    "basic": "DASK_GATEWAY_PASSWORD",
    "jupyterhub": "JUPYTERHUB_API_TOKEN",
    "token": "DASK_GATEWAY_TOKEN",
}


class DaskGatewayOptions(ClusterGateway):
    """The options of a Dask Gateway."""

    url = Unicode(
        help="Where its REST interface is: what stands before /api, such as "
        "https://hub.example.org/services/dask-gateway."
    ).tag(config=True)
    public_url = Unicode(
        help="Where its dashboards are: what stands before /clusters. Default: the url."
    ).tag(config=True)
    proxy_address = Unicode(
        help="Where clients in notebooks reach schedulers, such as gateway://tcp.example.org:8786. "
        "Default: host and port of the url, which is right only without an HTTP proxy before it."
    ).tag(config=True)
    auth = Enum(
        ("jupyterhub", "basic", "token"),
        "jupyterhub",
        help="How one signs in: with the token of JupyterHub, a name and a password, or a bearer "
        "token.",
    ).tag(config=True)
    user_name = Unicode(help="For basic. Default: JUPYTERHUB_USER, else that of the system.").tag(
        config=True
    )
    secret_file = Unicode(help="Holds your token or password; read afresh for each call.").tag(
        config=True
    )
    secret_command = Unicode(
        help="Prints your token or password; run again when it is not taken any more."
    ).tag(config=True)
    secret_variable = Unicode(
        help="Of the environment, if there is neither. Default: JUPYTERHUB_API_TOKEN, "
        "DASK_GATEWAY_PASSWORD or DASK_GATEWAY_TOKEN, by auth."
    ).tag(config=True)
    ca_file = Unicode(help="Certificates that vouch for it. Default: the usual ones.").tag(
        config=True
    )
    default_workers = Int(
        2, min=0, help="Of a cluster of who chooses nothing; the gateway does not tell its limit."
    ).tag(config=True)
    deadline_seconds = Float(10.0, help="For one call.").tag(config=True)
    start_deadline_seconds = Float(
        30.0, help="For the answer to a new cluster; one that comes later was lost."
    ).tag(config=True)
    looking_interval_seconds = Float(5.0, help="Between looks while someone looks.").tag(
        config=True
    )
    unseen_interval_seconds = Float(120.0, help="Between looks while nobody looks.").tag(
        config=True
    )
    calls_per_minute = Int(60, min=1, help="Never look more often than this.").tag(config=True)

    @default("user_name")
    def _default_user_name(self) -> str:
        return os.environ.get("JUPYTERHUB_USER") or getpass.getuser()

    @validate("url", "public_url")
    def _is_address(self, proposal: Mapping[str, str]) -> str:
        parts = urlsplit(proposal["value"])
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise TraitError("url and public_url begin with http:// or https:// and name a host")
        if parts.username is not None or parts.query or parts.fragment:
            raise TraitError("url and public_url hold no user, password, query or fragment")
        return proposal["value"].rstrip("/")

    @property
    def secret_place(self) -> SecretPlace:
        """Where the token or password lies."""
        if self.secret_file:
            return SecretPlace(kind="file", place=self.secret_file)
        if self.secret_command:
            return SecretPlace(kind="command", place=self.secret_command)
        name = self.secret_variable or _VARIABLES[self.auth]
        return SecretPlace(kind="variable", place=name)

    def make_secret(self) -> SecretSource:
        """Return what gives the token or password."""
        what = "password" if self.auth == "basic" else "token"
        return SecretSource(
            what=what,
            owner="Dask Gateway",
            file=self.secret_file,
            command=self.secret_command,
            variable=self.secret_variable or _VARIABLES[self.auth],
        )

    def make_trust(self) -> ssl.SSLContext:
        """Return whom to believe that it is the gateway."""
        if self.ca_file:
            return ssl.create_default_context(cafile=self.ca_file)
        return httpx.create_ssl_context(trust_env=False)
