"""What scripts say of themselves, read as the real ``sbatch`` reads it."""

from __future__ import annotations

import asyncio
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from jupyterlab_batch.domain.generated import JobSpec
from jupyterlab_batch.gateways.base import ScriptReading
from jupyterlab_batch.gateways.slurm.scriptspec import read_script
from tests.gateways.conformance.jobs import HELLO, MEBIBYTE
from tests.gateways.slurm.conftest import OpenBench
from tests.gateways.slurm.scripts import SCRIPTS
from tests.slurm_cluster.cluster import SlurmCluster

SITE_DECIDES = (
    "partition account qos constraint reservation nodes ntasks cpus-per-task mem mem-per-cpu tmp "
    "time array begin"
)
"""Values that can be right and yet not be had on this cluster, which only it can know."""


def _reading(script: str) -> ScriptReading | None:
    try:
        return read_script(script, "/home/me")
    except ValueError:
        return None


def test_what_sbatch_refuses_is_refused_or_passed_on_and_nothing_else_is(
    slurm: SlurmCluster, tmp_path: Path
) -> None:
    assert len(set(SCRIPTS)) >= 100

    def is_taken(numbered: tuple[int, str]) -> bool:
        number, script = numbered
        path = tmp_path / f"{number}.sh"
        path.write_text(script, newline="")
        done = subprocess.run(
            ["sbatch", "--test-only", str(path)],
            env={"PATH": "/usr/bin:/bin", "SLURM_CONF": slurm.conf},
            cwd=tmp_path,
            capture_output=True,
            check=False,
        )
        return done.returncode == 0

    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(is_taken, enumerate(SCRIPTS)))
    wrong = []
    for script, is_accepted in zip(SCRIPTS, taken, strict=True):
        reading = _reading(script)
        is_invalid = reading is None or any(line.is_invalid for line in reading.refused)
        may_be_refused = reading is not None and (
            reading.passed_on
            or reading.refused
            or any(line.option in SITE_DECIDES.split() for line in reading.taken)
        )
        if is_accepted == is_invalid and not (not is_accepted and may_be_refused):
            wrong.append((script, "sbatch takes it" if is_accepted else "sbatch refuses it"))
    assert wrong == []


def test_each_line_is_told_apart() -> None:
    reading = read_script(
        "#!/bin/sh\n#SBATCH -J fit -n 4 -c2\n#SBATCH -N 2 --mem-per-cpu=100M -t 1-2\n"
        "#SBATCH -p long,short --array=0-9%3 -D sub --export=A=1,NONE\n"
        "#SBATCH --mail-type=END --exclusive -C 'a|b'\n#SBATCH -o x.log -d afterok:1\n"
        "#SBATCH --constraint=fast&big --nonsense -n 0\ntrue\n",
        "/home/me",
    )
    assert reading.spec == {
        "name": "fit",
        "resources": {
            "processes": 4,
            "cores": 2,
            "nodes": 2,
            "walltime_seconds": 26 * 3600,
            "memory_bytes": 400 * MEBIBYTE,
        },
        "placement": {"queue": "long", "features": ["fast", "big"]},
        "array": {"kind": "index", "start": 0, "stop": 9, "step": 1, "max_running": 3},
        "files": {
            "working_directory": "/home/me/sub",
            "stdout_path": "x.log",
            "stderr_path": "x.log",
        },
        "environment": {"kind": "inherit", "variables": {"A": {"value": "1"}}},
        "native": {"mail-type": "END", "exclusive": None},
    }
    refused = {line.option: line for line in reading.refused}
    assert refused.keys() == {"dependency", "nonsense", "ntasks", "constraint"}
    assert refused["constraint"].reason == "Line 7 says it again."
    assert [name for name, line in refused.items() if line.is_invalid] == ["ntasks", "nonsense"]
    assert refused["dependency"].line == 6
    assert {line.option for line in reading.passed_on} == {"mail-type", "exclusive"}
    queue = next(line for line in reading.taken if line.option == "partition")
    assert (queue.field_, queue.reason) == (
        "spec.placement.queue",
        "Only the first of them is taken.",
    )


@pytest.mark.parametrize(
    ("lines", "files", "refused"),
    [
        (
            "-a 1-3 -o a-%a.out -e b.err",
            {"stdout_path": "a-{index}.out", "stderr_path": "b.err"},
            [],
        ),
        ("-o 100%%.out", {"stdout_path": "100%.out", "stderr_path": "100%.out"}, []),
        ("-o out -e %N.err", {"stdout_path": "out"}, ["error"]),
        ("-e %j.err", {"stderr_path": "{native_id}.err"}, []),
        ("-e %5j.err", None, ["error"]),
        ("-e %x.err", None, ["error"]),
        ("-e %j_%a.err", None, ["error"]),
        ("-e %", None, ["error"]),
        ("-o /dev/null", None, ["output"]),
        ("-e only.err", {"stderr_path": "only.err"}, []),
        ("-e %x-%A_%a.err -J m31 -a 1-3", {"stderr_path": "m31-{native_id}_{index}.err"}, []),
        ("-e %j.err -a 1-3", None, ["error"]),
    ],
)
def test_logs_go_where_a_script_wants_them_as_far_as_that_can_be_known(
    lines: str, files: dict[str, str] | None, refused: list[str]
) -> None:
    reading = read_script(f"#!/bin/sh\n#SBATCH {lines}\ntrue\n", "/home/me")
    assert reading.spec.get("files") == files
    assert [line.option for line in reading.refused] == refused
    assert not any(line.is_invalid for line in reading.refused)


ALIKE = [
    "-n 3 -c 2 --mem=300M -t 7 -p batch -A astro -q debug",
    "-N 2 -n 4 -p batch --mem-per-cpu=64M -t 0:20",
    "--ntasks-per-node=2 -n 2 --nice=50 --exclude=n2 -p batch --mem=64M -t 1:00",
    "-b 2031-01-31T10:00 --mem=100M -t 3 --requeue",
    "-a 2-9:3%2 -p batch --mem=64M -t 5",
    "-n 2 -n 4 -t 1:00 -t 0:30 -p debug -p batch --mem-per-cpu=80M -c 2",
    "-p batch --exclusive=user --licenses= --nice -t 1-0 --mem=128M --time-min=10",
]
TOLD = (
    "JobName Partition ArrayTaskId ArrayTaskThrottle TimeMin NumTasks CPUs/Task TimeLimit Account "
    "QOS EligibleTime Nice ExcNodeList NumCPUs "
    "Requeue NtasksPerN:B:S:C"
)


async def test_what_is_submitted_is_what_sbatch_would_submit(
    slurm: SlurmCluster, open_tools: OpenBench, tmp_path: Path
) -> None:
    bench = await open_tools()
    path = tmp_path / "job.sh"
    for line in ALIKE:
        path.write_text(f"#!/bin/sh\n#SBATCH -J fit {line} -H\ntrue\n")
        theirs = await asyncio.to_thread(slurm.tool, "sbatch", "--parsable", str(path))
        spec = imported(path)
        assert await bench.gateway.check(spec) == []
        plan, launch = bench.write(HELLO)
        run = bench.follow(plan, launch, await bench.gateway.submit(replace(launch, spec=spec)))
        shown = [await told(slurm, one) for one in (theirs.strip(), run.native_id)]
        for native_id in (theirs.strip(), run.native_id):
            await bench.gateway.cancel(native_id)
        assert shown[0] == shown[1], line


def imported(path: Path) -> JobSpec:
    reading = read_script(path.read_text(), str(path.parent))
    # Of two alike the later one holds.
    assert not [line for line in reading.refused if "says it again" not in (line.reason or "")]
    some = {"cores": 1, "memory_bytes": 64 * MEBIBYTE, "walltime_seconds": 60}
    raw: dict[str, Any] = {"name": "job", "task": {"kind": "script", "path": str(path)}}
    raw |= reading.spec
    return msgspec.convert({**raw, "resources": {**some, **raw["resources"]}}, JobSpec)


async def told(slurm: SlurmCluster, native_id: str) -> dict[str, str]:
    text = await asyncio.to_thread(slurm.tool, "scontrol", "-o", "show", "job", native_id)
    pairs = dict(pair.split("=", 1) for pair in text.split() if "=" in pair)
    memory = pairs.get("MinMemoryNode") or pairs.get("MinMemoryCPU", "")
    return {name: pairs.get(name, "") for name in TOLD.split()} | {
        "memory is asked for": str(bool(memory))
    }


NATIVE = {
    "mail-type": ("END", None),
    "signal": ("B:USR1@60", "not_supported"),
    "nice": (None, None),
    "exclusive": ("user", None),
    "distribution": (None, "required"),
    "requeue": ("yes", "wrong_type"),
    "licenses": ("a\nb", "control_character"),
    "constraint": ("a|b", "not_allowed"),
}


@pytest.mark.parametrize("name", NATIVE)
async def test_what_is_passed_on_is_looked_at(open_tools: OpenBench, name: str) -> None:
    value, code = NATIVE[name]
    raw = msgspec.to_builtins(HELLO.spec)
    raw |= {"native": {name: value}, "placement": {"features": ["a"], "queue": "nowhere"}}
    bench = await open_tools()
    issues = await bench.gateway.check(msgspec.convert(raw, JobSpec))
    found = [one.code for one in issues if one.field_ == f"spec.native.{name}"]
    assert found == ([code] if code else [])


async def test_the_rest_way_passes_on_what_it_has_a_name_for(
    slurm: SlurmCluster, open_rest: OpenBench
) -> None:
    bench = await open_rest()
    assert "exclude" not in bench.description.site.native
    raw = msgspec.to_builtins(HELLO.spec)
    raw["native"] = {"hold": None, "nice": "77", "mail-type": "END", "ntasks-per-node": "1"}
    assert set(raw["native"]) <= set(bench.description.site.native)
    plan, launch = bench.write(HELLO)
    launch = replace(launch, spec=msgspec.convert(raw, JobSpec))
    run = bench.follow(plan, launch, await bench.gateway.submit(launch))
    text = await asyncio.to_thread(slurm.tool, "scontrol", "-o", "show", "job", run.native_id)
    await bench.gateway.cancel(run.native_id)
    assert " Nice=77 " in text
    assert " MailType=END " in text
    assert " NtasksPerN:B:S:C=1:" in text
    assert " Reason=JobHeldUser " in text
