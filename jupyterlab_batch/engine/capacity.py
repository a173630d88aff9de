"""How much of this machine jobs may use: the container's share, not the machine's."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
from typing import Final

import psutil

_ROOT: Final = Path("/")
"""Where ``proc`` and ``sys`` are mounted."""
_GPU_NAME: Final = re.compile(r"[0-9]+|(GPU|MIG)-\S+")


def usable_cores(root: Path = _ROOT) -> int:
    """Return how many cores we may use: affinity and the container's quota, at least 1."""
    try:
        cores = len(os.sched_getaffinity(0))
    except AttributeError:  # macOS has no affinity
        cores = os.cpu_count() or 1
    for folder in _folders("cpu", root):
        quota = _cpu_quota(folder)
        if quota is not None:
            cores = min(cores, int(quota))
    return max(1, cores)


def usable_memory_bytes(root: Path = _ROOT) -> int:
    """Return how much memory we may use: the machine's or the container's limit."""
    memory = int(psutil.virtual_memory().total)
    for folder in _folders("memory", root):
        for name in ("memory.max", "memory.limit_in_bytes"):
            words = _words(folder / name)
            if words and words[0].isdigit():
                memory = min(memory, int(words[0]))
    return memory


def usable_gpus(root: Path = _ROOT) -> list[str]:
    """Return the GPUs that we may use, as ``CUDA_VISIBLE_DEVICES`` names them."""
    allowed = os.environ.get("CUDA_VISIBLE_DEVICES")
    if allowed is not None:
        # As CUDA reads it: what stands behind a word that names no device does not count.
        return list(takewhile(_GPU_NAME.fullmatch, map(str.strip, allowed.split(","))))
    try:
        count = len(list((root / "proc/driver/nvidia/gpus").iterdir()))
    except OSError:
        count = 0
    return [str(number) for number in range(count)]


def _cpu_quota(folder: Path) -> float | None:
    """Return how many cores' time a control group may use; cgroup v2, then v1."""
    words = _words(folder / "cpu.max")
    if not words:
        words = _words(folder / "cpu.cfs_quota_us") + _words(folder / "cpu.cfs_period_us")
    if len(words) == 2 and words[0].isdigit() and words[1].isdigit() and int(words[1]):
        return int(words[0]) / int(words[1])
    return None


def _folders(controller: str, root: Path) -> Iterator[Path]:
    """Yield our control group and all above it, in both versions of cgroups.

    In a container the path that the kernel names may not be visible; the root then is our own.
    """
    try:
        lines = (root / "proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return
    mounted = root / "sys/fs/cgroup"
    for line in lines:
        number, controllers, path = line.split(":", 2)
        if number == "0" and not controllers:
            top = mounted
        elif controller in controllers.split(","):
            top = mounted / controller
        else:
            continue
        own = top / path.lstrip("/")
        while own != top and top in own.parents:
            yield own
            own = own.parent
        yield top


def _words(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").split()
    except OSError:
        return []
