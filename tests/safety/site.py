"""A server with every gateway that can be started here, and secrets wherever one may be."""

from __future__ import annotations

import json
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.client.real import RealServer
from tests.slurm_cluster.cluster import SlurmCluster

GATEWAYS = ("local", "slurm-rest", "slurm-tools")
ORIGIN = "example.org/code.git"
CHECKOUT = Path(__file__).parents[2]
_OFTEN = {
    "moving_interval_seconds": 0.5,
    "looking_interval_seconds": 0.5,
    "unseen_interval_seconds": 0.5,
    "calls_per_minute": 600,
}


@dataclass(frozen=True)
class Site:
    """What runs, and what nobody may see."""

    server: RealServer
    slurm: SlurmCluster | None
    gateways: tuple[str, ...]
    canaries: dict[str, str]
    """Secrets by where they are kept."""
    asked: Path
    """A file with a secret that a job may ask for; its text is the last of the canaries."""


@contextmanager
def serving(
    folder: Path, gateways: list[dict[str, Any]], **environment: str
) -> Iterator[RealServer]:
    """Run a server that can import what the tests have."""
    server = RealServer(folder, gateways, {"PYTHONPATH": str(CHECKOUT), **environment})
    try:
        yield server
    finally:
        server.close()


@contextmanager
def site_in(folder: Path, slurm: SlurmCluster | None) -> Iterator[Site]:
    """Run the whole site."""
    environment = {
        name: f"canary-{number}-{secrets.token_hex(12)}"
        for number, name in enumerate(
            ("JUPYTER_TOKEN", "AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN", "PGPASSWORD", "HARMLESS")
        )
    }
    gateways: list[dict[str, Any]] = [{"kind": "local", "max_cores": 8}]
    tokens = {}
    if slurm is not None:
        environment["SLURM_JWT"] = slurm.token(seconds=3500)
        tokens["token file"] = slurm.token()
        token_file = folder / "jwt"
        token_file.write_text(tokens["token file"])
        rest = {"url": slurm.url, "token_file": str(token_file)}
        gateways += [
            {"kind": "slurm", "id": "slurm-rest", **rest, **_OFTEN},
            {"kind": "slurm", "id": "slurm-tools", "slurm_conf": slurm.conf, **_OFTEN},
        ]
    asked = folder / "asked"
    asked.write_text(f"canary-asked-{secrets.token_hex(12)}\n")
    repository = f"canary-repository-{secrets.token_hex(12)}"
    with serving(folder / "site", gateways, **environment) as server:
        _make_repository(server.work, repository)
        canaries = {
            **{f"variable {name}": value for name, value in environment.items()},
            **tokens,
            "repository": repository,
            "server file": json.loads(server.file.read_text())["secret"],
            "asked": asked.read_text().strip(),
        }
        names = tuple(gateway.get("id", "local") for gateway in gateways)
        yield Site(server, slurm, names, canaries, asked)


def _make_repository(folder: Path, secret: str) -> None:
    """Make a git folder of all that is submitted, whose origin holds a password."""
    git = shutil.which("git")
    if git is None:
        return
    address = f"https://ada:{secret}@{ORIGIN}?token={secret}"
    for words in (["init", "--quiet"], ["remote", "add", "origin", address]):
        subprocess.run([git, *words], cwd=folder, check=True)
