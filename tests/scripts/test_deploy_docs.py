"""What the page for administrators of a Slurm tells to type is tried, line by line."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from traitlets.config import Config

from jupyterlab_batch.extension import BatchExtension
from jupyterlab_batch.service.loading import load_gateways
from jupyterlab_batch.service.unavailable import UnavailableGateway
from tests.slurm_cluster.cluster import SlurmCluster

PROJECT = Path(__file__).parents[2]
PAGES = ("docs/deploy/slurm.md", "README.md")


def blocks(page: str, language: str) -> list[str]:
    text = (PROJECT / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize(
    "block", [block for page in PAGES for block in blocks(page, "python") if block[:2] == "c."]
)
def test_each_configuration_can_be_used(block: str) -> None:
    config = Config()
    exec(block, {"c": config})  # noqa: S102 -- our own documentation
    extension = BatchExtension(config=config)
    gateways = load_gateways(extension.gateways, parent=extension)
    assert not [one for one in gateways if isinstance(one, UnavailableGateway)]


@pytest.mark.parametrize("number", range(len(blocks("docs/deploy/slurm.md", "bash"))))
def test_each_command_works_for_an_ordinary_user(
    slurm: SlurmCluster, tmp_path: Path, number: int
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    shutil.chown(home, "alice", "alice")
    for folder in (tmp_path, *tmp_path.parents[:3]):
        folder.chmod(folder.stat().st_mode | 0o011)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", blocks("docs/deploy/slurm.md", "bash")[number]],
        user="alice",
        group="alice",
        extra_groups=[],
        cwd=home,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "SLURM_CONF": slurm.conf,
            "SLURMRESTD": slurm.url,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout or "curl" not in done.args[-1]
