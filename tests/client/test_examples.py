"""The examples are science: run through the real product, they find what was hidden in them."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyterlab_batch.client import Batch
from tests.client.real import RealServer
from tests.slurm_cluster.cluster import SlurmCluster

EXAMPLES = Path(__file__).parents[2] / "examples"
LIMIT_SECONDS = 240


@pytest.fixture(scope="module", params=["local", "slurm by rest", "slurm by tools"])
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RealServer]:
    """A server whose first gateway, which is the default, is the one under test."""
    pytest.importorskip("emcee", reason="the examples need the extra 'examples'")
    pytest.importorskip("sep", reason="the examples need the extra 'examples'")
    folder = tmp_path_factory.mktemp("lab")
    server = RealServer(folder, [_gateway(request, folder), {"kind": "local", "id": "other"}])
    shutil.copytree(EXAMPLES, server.work / "examples")
    yield server
    server.close()


def _gateway(request: pytest.FixtureRequest, folder: Path) -> dict[str, str]:
    if request.param == "local":
        return {"kind": "local"}
    slurm: SlurmCluster = request.getfixturevalue("slurm")
    if request.param == "slurm by tools":
        return {"kind": "slurm", "slurm_conf": slurm.conf}
    token_file = folder / "token"
    token_file.write_text(slurm.token())
    return {"kind": "slurm", "url": slurm.url, "token_file": str(token_file)}


@pytest.fixture
def batch(server: RealServer, monkeypatch: pytest.MonkeyPatch) -> Batch:
    monkeypatch.chdir(server.work / "examples")
    return server.batch


def test_the_notebook_finds_the_delay(batch: Batch) -> None:
    job = batch.submit(
        "lens-time-delay.ipynb",
        time="5m",
        parameters={"n_steps": 200},
        # Without it numpy's threads use all cores, of which most wait in a loop for the others.
        variables={"OMP_NUM_THREADS": "1"},
    )
    job.wait(timeout=LIMIT_SECONDS)
    assert job.phase == "COMPLETED", job.log("stderr", tail=20)
    assert job.row.progress is not None
    assert (job.row.progress.done, job.row.progress.total) == (18, 18)
    found = json.loads((Path(job.detail.run_directory) / "lens-time-delay.json").read_text())
    low, high = found["interval_95_days"]
    assert low <= found["true_delay_days"] <= high
    assert high - low < 10
    (output,) = job.outputs
    assert "n_steps = 200" in Path(output.path).read_text()


def test_the_script_finds_the_bright_stars(batch: Batch) -> None:
    job = batch.submit("extract-sources.py", time="5m", arguments=["--seed", "3"])
    job.wait(timeout=LIMIT_SECONDS)
    log = job.log()
    assert job.phase == "COMPLETED", job.log("stderr", tail=20)
    share = re.search(r"5000 to +inf: ([ \d.]+)%", log)
    assert share is not None, log
    assert float(share[1]) > 95
    with (Path(job.detail.run_directory) / "catalogue.csv").open() as file:
        assert len(list(csv.DictReader(file))) > 500


def test_the_shell_script_says_what_was_asked_for(batch: Batch) -> None:
    job = batch.submit("count-cores.sh", time="1m", memory="64MB").wait(timeout=LIMIT_SECONDS)
    log = job.log()
    assert job.phase == "COMPLETED", job.log("stderr")
    assert re.search(r"Cores asked for +1\n", log)
    assert re.search(r"Memory asked for +64 MB\n", log)
    assert re.search(r"Cores seen +\d+\n", log)
    # It names itself as whoever runs it does.
    assert job.id in log or f"Slurm job {job.row.native_id} in debug" in log
