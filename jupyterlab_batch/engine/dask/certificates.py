"""The encryption of a cluster; loaded by `owner`, by its path."""

from __future__ import annotations

import importlib.util
import subprocess
from pathlib import Path
from typing import Any


def make_security(folder: Path) -> Any:  # noqa: ANN401 -- this module is run where dask is
    """Return the encryption of a cluster, with a fresh certificate in files for the user alone.

    One certificate is authority, server and client: whoever can read the key may connect.
    """
    from distributed.security import Security  # noqa: PLC0415 -- only a process of its own may

    own = folder / "tls"
    own.mkdir(mode=0o700)
    certificate, key = own / "certificate.pem", own / "key.pem"
    if importlib.util.find_spec("cryptography") is None:
        _make_by_openssl(certificate, key)
    else:
        made = Security.temporary()
        for path, text in ((certificate, made.tls_client_cert), (key, made.tls_client_key)):
            path.touch(mode=0o600)
            path.write_text(text)
    roles = ("client", "scheduler", "worker")
    files = {f"tls_{role}_cert": str(certificate) for role in roles}
    files |= {f"tls_{role}_key": str(key) for role in roles}
    return Security(require_encryption=True, tls_ca_file=str(certificate), **files)


def _make_by_openssl(certificate: Path, key: Path) -> None:
    key.touch(mode=0o600)
    words = ["req", "-x509", "-nodes", "-newkey", "rsa:2048", "-days", "365"]
    words += ["-subj", "/CN=dask-internal", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(["openssl", *words], check=True, capture_output=True)  # noqa: S607 -- the user's own
