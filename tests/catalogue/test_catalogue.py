"""The example of catalogues, on a cluster from the panel and as a job: all pairs are found."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.blocking.client import BlockingKernelClient

from jupyterlab_batch.client import Batch
from tests.client.real import RealServer, wait_for
from tests.client.realkernel import await_kernel
from tests.engine.harness import marked

pytestmark = pytest.mark.timeout(900)
PROJECT = Path(__file__).parents[2]
NOTEBOOK = PROJECT / "examples" / "catalogue-crossmatch.ipynb"
PYTHON = PROJECT / ".venv-lsdb" / "bin" / "python"
KERNEL = "lsdb"
LIMIT_SECONDS = 600
RADIUS_ARCSEC = 2.0
PROPOSED = re.compile(r"Proposed: (\d+) workers of 1 core and (\d+) MB; Python: (\S+)")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    if sys.version_info < (3, 11):
        pytest.skip("LSDB needs Python 3.11 or newer")
    if not PYTHON.exists():
        pytest.skip("LSDB is not installed: scripts/with-lsdb.sh pytest tests/catalogue")
    folder = tmp_path_factory.mktemp("lab")
    gateway = {"kind": "local", "max_cores": 4, "dask_scratch_directory": str(folder)}
    server = RealServer(folder, [gateway])
    add_kernel(folder / "data")
    shutil.copy(NOTEBOOK, server.work)
    yield server
    server.close()


def add_kernel(data_directory: Path) -> None:
    """Let the server have a kernel of the environment that has LSDB."""
    folder = data_directory / "kernels" / KERNEL
    folder.mkdir(parents=True)
    argv = [str(PYTHON), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": argv, "display_name": "LSDB", "language": "python"}
    (folder / "kernel.json").write_text(json.dumps(spec))


@pytest.fixture
def kernel(server: RealServer) -> Iterator[BlockingKernelClient]:
    kernel_id = json.loads(server.post("api/kernels", {"name": KERNEL, "path": "/"}))["id"]
    client = BlockingKernelClient(connection_file=server.connection_file(kernel_id))
    client.load_connection_file()
    client.start_channels()
    await_kernel(client)
    yield client
    client.shutdown()
    client.stop_channels()


def run(kernel: BlockingKernelClient, code: str) -> str:
    """Run a cell, and return what it printed."""
    printed: list[str] = []

    def keep(message: dict[str, Any]) -> None:
        content = message["content"]
        assert message["msg_type"] != "error", "\n".join(content["traceback"])
        if message["msg_type"] == "stream" and content["name"] == "stdout":
            printed.append(content["text"])

    kernel.execute_interactive(code, output_hook=keep, timeout=LIMIT_SECONDS)
    return "".join(printed)


def compared(catalogues: Path, results: Path) -> dict[str, Any]:
    """Return in what the pairs with and without margin cache differ from all pairs there are."""
    files = [results / "pairs.parquet", results / "pairs-without-margin.parquet"]
    script = Path(__file__).with_name("brute_force.py")
    argv = [*map(str, [PYTHON, script, catalogues, RADIUS_ARCSEC, *files])]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def expect_all_pairs(catalogues: Path, results: Path) -> None:
    told = compared(catalogues, results)
    with_margin, without = told["files"]
    assert told["rows"] > 10_000
    assert with_margin["is_same"] and with_margin["missing"] == 0
    assert with_margin["most_arcsec_off"] < 1e-4
    assert not without["is_same"] and without["missing"] > 0


def test_on_a_cluster_of_the_panel(server: RealServer, kernel: BlockingKernelClient) -> None:
    """As a reader does: what the notebook proposes is started, and found by its name.

    Its workers run in another folder than the notebook.
    """
    batch = server.batch
    printed = ""
    for cell in json.loads(NOTEBOOK.read_text())["cells"]:
        if cell["cell_type"] == "code":
            printed += run(kernel, "".join(cell["source"]))
        if "Proposed:" in printed and not list(batch.clusters()):
            start_as_proposed(batch, printed)
            run(kernel, "cluster_name = 'catalogue'")
    expect_all_pairs(server.work / "catalogues", server.work)
    found = json.loads((server.work / "catalogue-crossmatch.json").read_text())
    assert found["workers"] == 2
    assert found["quasars_among_them"] > 0.9 * found["candidates"] > 100
    assert (server.work / "catalogue-crossmatch.png").stat().st_size > 10_000
    cluster = batch.cluster("catalogue")
    assert cluster.phase == "EXECUTING"  # it is the reader's, who stops it
    cluster.stop()
    wait_for(lambda: cluster.refresh().is_over, "end of the cluster", 120)


def start_as_proposed(batch: Batch, printed: str) -> None:
    proposed = PROPOSED.search(printed)
    assert proposed is not None, printed
    workers, megabytes, python = proposed.groups()
    assert python == str(PYTHON)
    batch.start_cluster(
        int(workers), name="catalogue", memory=f"{megabytes}MB", python=python, idle_stop="10m"
    )


def test_as_a_job_with_a_cluster_of_its_own(server: RealServer) -> None:
    """The job starts it, within its own cores, works and stops it; nothing of it is left."""
    catalogues = server.work / "catalogues"  # those that the reader has made, if so
    job = server.batch.submit(
        str(server.work / NOTEBOOK.name),
        parameters={"catalogue_folder": str(catalogues)},
        python=str(PYTHON.parents[1]),
        cores=2,
        memory="4GB",
        time="15m",
    ).wait(timeout=LIMIT_SECONDS)
    assert job.phase == "COMPLETED", job.log("stderr", tail=30)
    results = Path(job.detail.run_directory)
    expect_all_pairs(catalogues, results)
    assert json.loads((results / "catalogue-crossmatch.json").read_text())["workers"] == 2
    wait_for(lambda: not list(marked(job.id)), "end of its processes", 60)
    assert not list(results.rglob("dask-scratch-space")), "the cluster left files"
