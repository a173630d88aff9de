"""How a notebook connects to a cluster of this machine: it names files, never what is in them."""

from __future__ import annotations

from typing import Final

from jupyterlab_batch.domain.generated import ClusterClient, ClusterFiles
from jupyterlab_batch.gateways.clientversions import comparing
from jupyterlab_batch.gateways.local.clusterfolder import ClusterFolder

_CODE: Final = """\
# Connects to a Dask cluster that was started by jupyterlab-batch. It names files, no keys.
from distributed import Client
from distributed.security import Security

client = Client(
    scheduler_file={scheduler!r},
    security=Security(
        require_encryption=True,
        tls_ca_file={certificate!r},
        tls_client_cert={certificate!r},
        tls_client_key={key!r},
    ),
)
"""
_ADVICE: Final = (
    "Start the cluster with the Python of this notebook, or choose a kernel of {python}"
)


def client_of(folder: ClusterFolder, python: str) -> ClusterClient:
    """Return the cell, and the same as data."""
    scheduler = str(folder.scheduler_file)
    certificate, key = str(folder.certificate), str(folder.key)
    return ClusterClient(
        code=_CODE.format(scheduler=scheduler, certificate=certificate, key=key)
        + comparing(_ADVICE.format(python=python)),
        python=python,
        connection=ClusterFiles(
            scheduler_file=scheduler,
            tls_ca_file=certificate,
            tls_certificate_file=certificate,
            tls_key_file=key,
        ),
    )
