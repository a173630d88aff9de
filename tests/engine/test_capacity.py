"""What jobs may use: the container's share, on trees as kernels and container engines show them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import psutil
import pytest

from jupyterlab_batch.domain.problems import GatewayRefused
from jupyterlab_batch.engine.capacity import usable_cores, usable_memory_bytes
from tests.engine.conftest import EngineFactory

MB = 1024 * 1024
MACHINE_CORES = len(os.sched_getaffinity(0))
MACHINE_MEMORY = psutil.virtual_memory().total

V1 = "4:memory:{path}\n3:cpu,cpuacct:{path}\n2:cpuset:{path}\n1:name=systemd:{path}\n"
Tree = Mapping[str, str]


def write(root: Path, own: str, files: Tree) -> Path:
    for name, text in {"proc/self/cgroup": own, **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def under(folder: str, files: Tree) -> Tree:
    return {f"sys/fs/cgroup/{folder}{name}": text for name, text in files.items()}


LIMITED = {
    "v2, seen from within": (
        "0::/\n",
        under("", {"cpu.max": "100000 100000\n", "memory.max": f"{300 * MB}\n"}),
    ),
    "v2, below a slice": (
        "0::/user.slice/job\n",
        under("user.slice/job/", {"cpu.max": "150000 100000\n", "memory.max": f"{300 * MB}\n"}),
    ),
    "v2, limited further up": (
        "0::/a/b/c\n",
        {
            **under("a/b/c/", {"cpu.max": "max 100000\n", "memory.max": "max\n"}),
            **under("a/b/", {"cpu.max": "800000 100000\n", "memory.max": f"{10**18}\n"}),
            **under("a/", {"cpu.max": "100000 100000\n", "memory.max": f"{300 * MB}\n"}),
        },
    ),
    "v2, the path of the host": (
        "0::/system.slice/docker-abc.scope\n",
        under("", {"cpu.max": "50000 100000\n", "memory.max": f"{300 * MB}\n"}),
    ),
    "v2, outside of what is mounted": (
        "0::/../../other\n",
        under("", {"cpu.max": "100000 100000\n", "memory.max": f"{300 * MB}\n"}),
    ),
    "v1": (
        V1.format(path="/docker/abc"),
        {
            **under(
                "cpu/docker/abc/", {"cpu.cfs_quota_us": "100000", "cpu.cfs_period_us": "100000"}
            ),
            **under("memory/docker/abc/", {"memory.limit_in_bytes": f"{300 * MB}"}),
        },
    ),
    "v1, seen from within": (
        V1.format(path="/kubepods/pod1"),
        {
            **under("cpu/", {"cpu.cfs_quota_us": "100000", "cpu.cfs_period_us": "100000"}),
            **under("memory/", {"memory.limit_in_bytes": f"{300 * MB}"}),
        },
    ),
    "hybrid": (
        V1.format(path="/") + "0::/init.scope\n",
        {
            **under("cpu/", {"cpu.cfs_quota_us": "199999", "cpu.cfs_period_us": "100000"}),
            **under("memory/", {"memory.limit_in_bytes": f"{300 * MB}"}),
        },
    ),
}
UNLIMITED: dict[str, tuple[str, Tree]] = {
    "no control groups": ("", {}),
    "v2 without limits": ("0::/\n", under("", {"cpu.max": "max 100000\n", "memory.max": "max\n"})),
    "v2 without controllers": ("0::/a\n", {}),
    "v1 without limits": (
        V1.format(path="/"),
        {
            **under("cpu/", {"cpu.cfs_quota_us": "-1", "cpu.cfs_period_us": "100000"}),
            **under("memory/", {"memory.limit_in_bytes": "9223372036854771712"}),
        },
    ),
    "more than the machine has": (
        "0::/\n",
        under("", {"cpu.max": "99900000 100000\n", "memory.max": f"{10**18}\n"}),
    ),
    "nonsense": ("0::/\n", under("", {"cpu.max": "100000 0\n", "memory.max": "\n"})),
}


@pytest.fixture
def one_core() -> Iterator[None]:
    """Only one core is ours, as `taskset` or a batch system does it."""
    all_cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(all_cores)})
    yield
    os.sched_setaffinity(0, all_cores)


@pytest.mark.parametrize("name", LIMITED)
def test_a_containers_limit_counts_wherever_it_stands(tmp_path: Path, name: str) -> None:
    root = write(tmp_path, *LIMITED[name])
    assert usable_cores(root) == 1
    assert usable_memory_bytes(root) == min(300 * MB, MACHINE_MEMORY)


@pytest.mark.parametrize("name", UNLIMITED)
def test_without_a_limit_it_is_the_machine(tmp_path: Path, name: str) -> None:
    root = write(tmp_path, *UNLIMITED[name])
    assert usable_cores(root) == MACHINE_CORES
    assert usable_memory_bytes(root) == MACHINE_MEMORY


def test_cores_that_are_not_ours_do_not_count(tmp_path: Path, one_core: None) -> None:
    assert usable_cores(write(tmp_path, *UNLIMITED["v2 without limits"])) == 1


def test_this_machine_has_something() -> None:
    assert 1 <= usable_cores() <= MACHINE_CORES
    assert 0 < usable_memory_bytes() <= MACHINE_MEMORY


async def test_jobs_are_admitted_by_what_is_ours(
    make_engine: EngineFactory, one_core: None
) -> None:
    engine = make_engine(max_cores=0, max_memory_bytes=0)
    limits = (await engine.gateway.describe()).limits
    assert (limits.max_cores, limits.max_memory_bytes) == (1, usable_memory_bytes())
    with pytest.raises(GatewayRefused, match="has 1 core for jobs; 2 can never run"):
        await engine.run(["true"], cores=2)
    first = await engine.run(["sleep", "1000"])
    second = await engine.run(["true"])
    waiting = await engine.until(second, lambda seen: seen.reason is not None)
    assert waiting.reason_text == "Waiting for 1 free core."
    await engine.gateway.cancel(first.native_id)
    assert (await engine.end(second)).phase == "COMPLETED"
