"""What scripts say of themselves, read as the real ``sbatch`` reads it."""

from __future__ import annotations

import asyncio
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from jupyterlab_batch.domain.generated import JobSpec
from jupyterlab_batch.gateways.base import ScriptReading
from jupyterlab_batch.gateways.slurm.scriptspec import read_script
from tests.gateways.conformance.jobs import HELLO, MEBIBYTE
from tests.gateways.slurm.conftest import OpenBench
from tests.slurm_cluster.cluster import SlurmCluster

ONE_LINERS = r"""
-J plain
--job-name=long
--job-name separate
-Jjoined
-J "two words"
-J 'single "quotes"'
-J a#b
-J "a#b"
-J a\ b
-J "a\"b"
-J 'a\b'
-J "not closed
-J 'not closed
-J ""
-J
-J a junk
junk
-J a # a note
-J a	-n	2
"-J" x
--job-n=abbreviated
--j=ambiguous
--nonsense
--nonsense=1
-Z
-
--
-HQ -J a
-n4
-n 4
--ntasks=4
-n 0
-n -1
-n x
-n 17 -p batch
-c 2
-c2 -n2
--cpus-per-task=0
--cpus-per-task=two
-N1
-N 2 -p batch
-N 2 -n 2 -p batch
-N 1-2 -p batch
-N 5
-N x
--mem=100
--mem=100M
--mem=1G
--mem=1g
--mem=1024K
--mem=1T
--mem=lots
--mem=1.5G
--mem=-1
--mem 200M
--mem-per-cpu=100M
--mem-per-cpu=100M -c 2
--mem-per-cpu=x
--tmp=x
-t 5
-t 0:30
-t 10:00
-t 0:10:00
-t 0-0:10
-t 0-0
-t 0-1 -p batch
-t 1-2:3:4 -p batch
-t 1:2:3:4
-t abc
-t 1:xx
-t ""
-t 10000 -p batch
-p batch
-p debug
--partition=batch,debug
-p nowhere
-A astro
-A nobody
-q normal
-A astro -q debug
-q gold
-C nowhere
--reservation=none
-b now
-b now+10
-b now+10minutes
-b now+2hours
-b now+1day
-b now+1fortnight
-b 2030-01-31
-b 2030-01-31T10:00
-b 2030-01-31T10:00:30
-b 2030-13-31
-b midnight
-b 16:00
-b tomorrow
-b someday
-D /tmp
--chdir=/tmp
-a 0-3
-a 0-7:2
-a 1,3,5
-a 1-3,7,9-11%2
-a 0-15%4
-a 5-1
-a x
-a 1-
-a 0-99999999
-o out.log
-o %j.out -e %j.err
--open-mode=append
--open-mode=both
--comment=mine
--export=ALL
--export=NONE
--export=A=1,B=2
--export=A=1,PATH
--export HOME
--get-user-env
--mail-type=END
--mail-type=END,FAIL --mail-user=me@example.org
--mail-type=SOMETIMES
--nice
--nice=100
--nice=x
--exclusive
--exclusive=user
--exclusive=nobody
-s
-O
-H
--requeue
--no-requeue
--requeue=1
--ntasks-per-node=2 -N1
--ntasks-per-node=x
--threads-per-core=1
--hint=nomultithread
--hint=nonsense
--contiguous
-w n1
-x n2
-x n1 -p debug
-L none:1
--signal=USR1@60
--signal=B:USR1@60
--signal=NONSENSE@60
--deadline=2030-01-01
--switches=1
--distribution=block
--distribution=nonsense
--gres=none
--gres=gpu:1
--gres=nothing:1
--profile=none
--wckey=w
--wait
-W
-Q
-v
--parsable
--no-kill
-k
--time-min=1
--time-min=x
--spread-job
--use-min-nodes
--priority=10
--prefer=x
--delay-boot=1
--cpu-freq=low
--cores-per-socket=1
--kill-on-invalid-dep=yes
--mem=100M --mem-per-cpu=100M
""".strip("\n").splitlines()

WHOLE = [
    "",
    "echo no first line\n",
    "#SBATCH -n 2\n#!/bin/sh\ntrue\n",
    "#!/bin/sh\r\n#SBATCH -n 2\r\ntrue\r\n",
    "#!/bin/sh\n#SBATCH -n 2\ntrue\n#SBATCH --nonsense\n",
    "#!/bin/sh\n\n# note\n \t\n#SBATCH -n 2\n#SBATCH -n 3\ntrue\n",
    "#!/bin/sh\n  #SBATCH --nonsense\ntrue\n",
    "#!/bin/sh\n##SBATCH --nonsense\n# SBATCH --nonsense\ntrue\n",
    "#!/bin/sh\n#SBATCH-n2\ntrue\n",
    "#!/bin/sh\n#SBATCHx -n2\ntrue\n",
    "#!/bin/sh\n#SLURM -n 2\ntrue\n",
    "#!/bin/sh\n#SBATCH\n#SBATCH -n 2\ntrue\n",
    "#!/usr/bin/env python3\n#SBATCH -n 2\nprint()\n#SBATCH --nonsense\n",
    "#!/bin/sh\n: <<X\n#SBATCH --nonsense\nX\n",
    "#!/bin/sh",
]
WHOLE += [
    # As people write them: heads of programs, templates of sites, leftovers.
    "#!/bin/bash -l\n#SBATCH --job-name=mcmc\n#SBATCH --ntasks=8\n#SBATCH --time=0-01:00\n"
    "#SBATCH --partition=batch\n#SBATCH --output=logs/%x-%j.out\n\nset -euo pipefail\n"
    "module purge\nmodule load gcc openmpi\nsrun ./mcmc config.yaml\n",
    "#!/bin/bash\n# Template of the site, v3\n#SBATCH -p batch\n#SBATCH -n 2   # two ranks\n"
    "#SBATCH -t 30:00 # half an hour\n##SBATCH --mail-user=me@example.org\nmpirun ./a.out\n",
    "#!/bin/bash\n#SBATCH --array=0-15%4\n#SBATCH --mem-per-cpu=200M --cpus-per-task=2\n"
    "#SBATCH -J 'survey tiles'\n#SBATCH -p batch\necho $SLURM_ARRAY_TASK_ID\n",
    "#!/usr/bin/env python3\n#SBATCH --time=5\n#SBATCH --mem=512M\nimport sys\n"
    "#SBATCH --partition=nowhere\nprint(sys.argv)\n",
    "#!/bin/sh\n#SBATCH --gres=gpu:1\n#SBATCH --cpus-per-task=4\n#SBATCH --time=1:00:00\n"
    "#SBATCH --mail-type=BEGIN,END,FAIL\n#SBATCH --mail-user=me@example.org\npython train.py\n",
    "#!/bin/bash\n#SBATCH --nodes=2 --ntasks-per-node=1 --exclusive\n#SBATCH -p batch -t 10\n"
    "#SBATCH --begin=now+1hour --deadline=now+3hours\nsrun hostname\n",
    "#!/bin/csh\n#SBATCH -A astro -q debug -p debug\n#SBATCH -t 1\nsetenv A 1\n",
    "#!/bin/bash\n#SBATCH --partition=batch\n#SBATCH --partition=debug\n#SBATCH -t 1 -t 2\ntrue\n",
    "#!/bin/bash\n#SBATCH -n 0\n#SBATCH -n 4\ntrue\n",
    "#!/bin/bash\n#SBATCH -t abc\n#SBATCH -t 5\ntrue\n",
    "#!/bin/bash\n#SBATCH --job-name=a --dependency=afterok:1 --output=x\n#SBATCH --requeue\n"
    "if true; then\n#SBATCH --nonsense\n  true\nfi\n",
    "#!/bin/sh\n#PBS -l nodes=1\n#$ -cwd\n#SBATCH --time=1\n#SBATCH --export=NONE\ntrue\n",
    "#!/bin/bash\n#SBATCH --constraint=nowhere|elsewhere\n#SBATCH --licenses=none:1\ntrue\n",
    "#!/bin/bash\n\n\n#SBATCH\t--ntasks=2\n#SBATCH  --cpus-per-task  2\n#SBATCH -t2\ntrue\n",
    '#!/bin/bash\n#SBATCH --job-name=""\n#SBATCH --comment="a note"\n#SBATCH -W\ntrue\n',
    "#!/bin/bash\n#SBATCH --ntasks 4 --mem 300M --time 1:30 --chdir /tmp\ncd sub || exit\n",
]
SCRIPTS = [*(f"#!/bin/sh\n#SBATCH {line}\ntrue\n" for line in ONE_LINERS), *WHOLE]

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
        "files": {"working_directory": "/home/me/sub"},
        "environment": {"kind": "inherit", "variables": {"A": {"value": "1"}}},
        "native": {"mail-type": "END", "exclusive": None},
    }
    refused = {line.option: line for line in reading.refused}
    assert refused.keys() == {"output", "dependency", "nonsense", "ntasks", "constraint"}
    assert refused["constraint"].reason == "Line 7 says it again."
    assert [name for name, line in refused.items() if line.is_invalid] == ["ntasks", "nonsense"]
    assert refused["output"].line == 6
    assert {line.option for line in reading.passed_on} == {"mail-type", "exclusive"}
    queue = next(line for line in reading.taken if line.option == "partition")
    assert (queue.field_, queue.reason) == (
        "spec.placement.queue",
        "Only the first of them is taken.",
    )


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
