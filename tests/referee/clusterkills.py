"""Kills parts of a Dask cluster.

Its scheduler lives in the process that owns it; a shell starts that and cleans up after it; each
worker is a child of the owner. Those on a Dask Gateway are known by what they run.
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from tests.referee import processes
from tests.referee.ledger import Ledger

_COMES_SECONDS: Final = 10.0


def _owners(ledger: Ledger, key: str) -> list[int]:
    ids = [start.native_id for start in ledger.starts_of(key)]
    found = [pid for one in ids for pid in processes.with_argument(f"/clusters/{one}\0")]
    return [*found, *_running(key, "distributed.cli.dask_scheduler")]


def _running(key: str, module: str) -> list[int]:
    return list(set(processes.marked(key)) & set(processes.with_argument(f"{module}\0")))


def _starters(ledger: Ledger, key: str) -> list[int]:
    ids = [start.native_id for start in ledger.starts_of(key)]
    return [pid for one in ids for pid in processes.with_argument(f"/clusters/{one}/run.sh\0")]


def _workers(ledger: Ledger, key: str) -> list[int]:
    """Wait for them: they come some seconds after their owner, if that lives so long."""

    def look() -> list[int]:
        owners = _owners(ledger, key)
        spawned = processes.with_argument("spawn_main")
        own = [pid for pid in spawned if processes.parent(pid) in owners]
        return [*own, *_running(key, "distributed.cli.dask_worker")]

    with suppress(TimeoutError):
        return processes.wait_for(look, "worker", _COMES_SECONDS)
    return []


def _all(ledger: Ledger, key: str) -> list[int]:
    return [*_starters(ledger, key), *_owners(ledger, key), *processes.marked(key)]


def _killing(find: Callable[[Ledger, str], list[int]]) -> Callable[[Ledger, str], bool]:
    return lambda ledger, key: processes.send(find(ledger, key), signal.SIGKILL)


KILLS: Final[dict[str, Callable[[Ledger, str], bool]]] = {
    "owner": _killing(_owners),
    "starter": _killing(_starters),
    "worker": _killing(_workers),
    "cluster": _killing(_all),
}
