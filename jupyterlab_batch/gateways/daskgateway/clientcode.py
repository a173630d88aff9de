"""How a notebook connects to a cluster of a Dask Gateway: it names places, never keys."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Final

from jupyterlab_batch.domain.generated import ClusterAddress, ClusterClient, SecretPlace
from jupyterlab_batch.gateways.clientversions import comparing

_CODE: Final = """\
# Connects to a Dask cluster on a Dask Gateway. It names places, no keys.
{imports}

gateway = Gateway({address!r}, proxy_address={proxy_address!r}, auth={auth})
client = gateway.connect({name!r}).get_client()
"""
_BEARER: Final = """

class _Token(GatewayAuth):
    def pre_request(self, resp):
        return {{"Authorization": "Bearer " + {secret}}}, None
"""
_ADVICE: Final = (
    "Choose a kernel with the versions of the cluster, or start one whose options fit this one."
)
_MODULES: Final[Mapping[str, str]] = {"file": "pathlib", "command": "subprocess", "variable": "os"}


def client_of(connection: ClusterAddress) -> ClusterClient:
    """Return the cell, and the same as data."""
    secret = _secret(connection.secret)
    auths = {
        "basic": ("BasicAuth", f"BasicAuth({connection.user_name!r}, {secret})"),
        "jupyterhub": ("JupyterHubAuth", f"JupyterHubAuth({secret})"),
        "token": ("GatewayAuth", "_Token()"),
    }
    kind, auth = auths[connection.auth]
    imports = (
        f"import {_MODULES[connection.secret.kind]}\n\n"
        f"from dask_gateway import Gateway\nfrom dask_gateway.auth import {kind}"
    )
    if connection.auth == "token":
        imports += _BEARER.format(secret=secret).rstrip()
    code = _CODE.format(
        imports=imports,
        address=connection.address,
        proxy_address=connection.proxy_address,
        auth=auth,
        name=connection.name,
    )
    return ClusterClient(code=code + comparing(_ADVICE), python=None, connection=connection)


def _secret(place: SecretPlace) -> str:
    """Return Python that reads a secret where it lies."""
    if place.kind == "file":
        return f"pathlib.Path({place.place!r}).expanduser().read_text().strip()"
    if place.kind == "variable":
        return f"os.environ[{place.place!r}].strip()"
    return f"subprocess.check_output({shlex.split(place.place)!r}, text=True).strip()"
