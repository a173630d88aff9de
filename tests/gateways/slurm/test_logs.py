"""Logs that a user of Slurm wants elsewhere, named as ``sbatch`` names them."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyterlab_batch.domain.generated import Files, IndexArray
from jupyterlab_batch.gateways.slurm.scriptspec import read_script
from jupyterlab_batch.service.logplaces import LogPlace, named_path
from tests.gateways.conformance.bench import eventually
from tests.gateways.conformance.jobs import HELLO, Asked
from tests.gateways.slurm.conftest import OpenBench
from tests.slurm_cluster.cluster import SlurmCluster

TASKS = IndexArray(start=3, stop=4)


def names(folder: Path, native_id: str) -> set[str]:
    """Return the files of a folder, whatever the number of their job, which is there once."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)).replace(native_id, "N", 1) for path in files}


@pytest.mark.parametrize(
    ("line", "array"),
    [
        ("-o 'a b/all%% of %x-%j.out'", None),
        ("-a 3-4 -o %A_%a.%x", TASKS),
    ],
)
async def test_a_script_finds_its_logs_where_sbatch_puts_them(
    slurm: SlurmCluster,
    open_bench: OpenBench,
    tmp_path: Path,
    line: str,
    array: IndexArray | None,
) -> None:
    bench = await open_bench()
    theirs, ours, script = tmp_path / "theirs", tmp_path / "ours", tmp_path / "fit.sh"
    (theirs / "a b").mkdir(parents=True)  # Slurm makes no folders
    ours.mkdir()
    script.write_text(f"#!/bin/sh\n#SBATCH -J fit -t 1 --mem=50M\n#SBATCH {line}\necho out\n")
    number = slurm.tool("sbatch", "--parsable", f"--chdir={theirs}", str(script)).strip()
    reading = read_script(script.read_text(), str(ours))
    assert reading.refused == []
    files = Files(working_directory=str(ours), **reading.spec["files"])
    asked = Asked(argv=HELLO.argv, name=reading.spec["name"], array=array, files=files)
    run = await bench.submit(asked)
    await bench.end(run)
    await eventually(lambda: names(theirs, number) == names(ours, run.native_id), "other names")
    assert isinstance(files.stdout_path, str)
    for task in [None] if array is None else [3, 4]:
        place = LogPlace(run.plan.directory, "stdout", task, files.stdout_path, run.native_id)
        path = named_path(place)
        assert path is not None and path.read_text().startswith("out\n")
