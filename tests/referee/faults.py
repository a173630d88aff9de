"""What is done to the processes and files of a site, and when."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, Literal

from tests.referee import processes
from tests.referee.cases import Case
from tests.referee.clusterkills import KILLS
from tests.referee.daskfaults import DASK_TROUBLES
from tests.referee.evidence import Place
from tests.referee.site import Site
from tests.referee.slurmfaults import SLURM_TROUBLES

Victim = Literal[
    "server",
    "supervisor",
    "wrapper",
    "job",
    "slurmctld",
    "slurmrestd",
    "browser",
    "owner",
    "starter",
    "worker",
    "cluster",
    "server stopped",
    "supervisor stopped",
    "slurmctld stopped",
    "disk full",
    "store overwritten",
    "store truncated",
    "store removed",
    "slurmctld in taking it",
    "slurmrestd in taking it",
    "slurmrestd stopped",
    "answers: garbage",
    "answers: HTML",
    "answers: a gigabyte",
    "answers: half",
    "answers: nothing",
    "answers: late",
    "slurmdbd",
    "mariadbd",
    "token",
    "node",
    "slurm wiped",
    "clock ahead",
    "clock behind",
    "record purged",
    "crowd",
    "dask gateway",
    "dask gateway stopped",
]
FORGETS: Final[set[Victim]] = {"slurmctld", "slurmctld in taking it", "slurm wiped"}
"""After these a Slurm may not know what it did."""
HARMS_JOBS: Final[set[Victim]] = {"wrapper", "job", "disk full", "node", "slurm wiped"}
"""After these a job may end otherwise than it was told to."""
ENDS_CLUSTER: Final[set[Victim]] = {"owner", "starter", "cluster"}
"""After these a Dask cluster is over."""
OF_ONE: Final[set[Victim]] = {"wrapper", "job", "worker", *ENDS_CLUSTER}
"""These can have nothing to do with any other than their target."""
_AIM_SECONDS: Final = 2.5
_AIM_AT_FORM_SECONDS: Final = 20.0
_AIM_WHILE_SENT_SECONDS: Final = 15.0
_GLANCE_SECONDS: Final = 0.0005
"""Shorter than most of the moments that are aimed at, and long enough for others to work."""
_PAGE_BYTES: Final = 4096
TROUBLES: Final = {**SLURM_TROUBLES, **DASK_TROUBLES}


@dataclass
class Fault:
    """One thing that goes wrong.

    Parameters
    ----------
    aim
        Wait until ``target`` is there, then strike.
    """

    victim: Victim
    target: Case
    aim: Place
    delay_seconds: float
    lasts_seconds: float
    patience_seconds: float = _AIM_SECONDS
    """So long it waits for its target."""
    page: float = 0.0
    """Which page of the store is overwritten: 0 is the first, just below 1 the last."""
    struck: bool = False
    """There was something to strike at."""
    is_aimed: bool = False
    """The target was where it should be."""
    record: list[str] = field(default_factory=list)
    hit: dict[str, Place] = field(default_factory=dict)
    """Where each job was then, by key."""

    def prepare(self, site: Site) -> None:
        """Stop the order or its answer on its way, so that the aim is true."""
        if self.victim in TROUBLES:
            TROUBLES[self.victim].prepare(site, self.target)
        steps: dict[Place, str] = {"in sending": "asked", "in answering": "answered"}
        if self.target.gateway_id != "local" and self.aim in steps:
            site.crossings.hold(self.target.name, steps[self.aim])

    def strike(self, site: Site, cases: list[Case], began: float) -> None:
        """Wait for the moment, do it, and write down where the jobs were."""
        self.is_aimed = self._await_aim(site)
        time.sleep(self.delay_seconds)
        out = {case.key for case in cases if case.waiting}
        self.struck = self._begin(site)
        self.record.append(
            f"{time.monotonic() - began:6.3f} s {self.victim}, aimed {self.aim} of"
            f" {self.target.name}{'' if self.struck else ': nobody there'}"
        )
        if self.struck and not self.victim.startswith(("store", "disk")):
            for case in cases:
                place = site.evidence.place(case, case.key in out)
                if place is not None and self._is_near(case):
                    self.hit[case.key] = place
                    self.record.append(f"           {case.name} was {place}")
        site.crossings.let_go(self.target.name)
        if self.victim in _END or self.victim in TROUBLES:
            time.sleep(self.lasts_seconds)  # how long it lasts is a part of the plan
            self._end(site)

    def _begin(self, site: Site) -> bool:
        if self.victim in TROUBLES:
            return TROUBLES[self.victim].begin(site, self.target)
        return _ACTIONS[self.victim](site, self)

    def _end(self, site: Site) -> None:
        if self.victim in TROUBLES:
            TROUBLES[self.victim].end(site, self.target)
        else:
            _END[self.victim](site)

    def _await_aim(self, site: Site) -> bool:
        # Who fills a form by hand comes later.
        patience = self.patience_seconds if site.browser is None else _AIM_AT_FORM_SECONDS
        begin = time.monotonic()
        while not site.evidence.has_reached(self.target, self.aim):
            passed = time.monotonic() - begin
            # A request that is out may only be slow, on a machine that others use too.
            if passed > (_AIM_WHILE_SENT_SECONDS if self.target.waiting else patience):
                return False
            time.sleep(_GLANCE_SECONDS)
        return True

    def concerns(self, case: Case) -> bool:
        """Tell whether this can have anything to do with a job."""
        return case is self.target or self.victim not in OF_ONE

    def _is_near(self, case: Case) -> bool:
        if not self.concerns(case):
            return False
        if self.victim == "browser":
            return case.surface == "form"
        return self.victim.startswith("server") or case.gateway_id == self.target.gateway_id


def _kill_server(site: Site, _: Fault) -> bool:
    return site.jupyter.kill()


def _kill_supervisor(site: Site, _: Fault) -> bool:
    return processes.send(site.jupyter.supervisors(), signal.SIGKILL)


def _kill_wrapper(_: Site, fault: Fault) -> bool:
    name = f"-{fault.target.name}-"
    named = [pid for pid, command in processes.wrappers().items() if name in command]
    return processes.send(named, signal.SIGKILL)


def _kill_job(_: Site, fault: Fault) -> bool:
    return processes.send(processes.marked(fault.target.key), signal.SIGKILL)


def _kill_of_cluster(site: Site, fault: Fault) -> bool:
    return KILLS[fault.victim](site.ledger, fault.target.key)


def _kill_daemon(site: Site, fault: Fault) -> bool:
    return site.cluster is not None and site.cluster.kill(fault.victim)


def _kill_browser(site: Site, _: Fault) -> bool:
    return site.browser is not None and site.browser.kill()


def _stop_server(site: Site, _: Fault) -> bool:
    pid = site.jupyter.pid
    return pid is not None and processes.send([pid], signal.SIGSTOP)


def _stop_supervisor(site: Site, _: Fault) -> bool:
    return processes.send(site.jupyter.supervisors(), signal.SIGSTOP)


def _stop_slurmctld(site: Site, _: Fault) -> bool:
    return site.cluster is not None and site.cluster.send("slurmctld", signal.SIGSTOP)


def _fill_disk(site: Site, _: Fault) -> bool:
    with (site.disk / "filler").open("wb", buffering=0) as file:
        for size in (1024 * 1024, 4096):
            with suppress(OSError):
                while file.write(bytes(size)) == size:
                    pass
    return True


def _overwrite_store(site: Site, fault: Fault) -> bool:
    with suppress(FileNotFoundError), site.jupyter.store.open("r+b") as file:
        pages = os.fstat(file.fileno()).st_size // _PAGE_BYTES
        file.seek(int(fault.page * pages) * _PAGE_BYTES)
        file.write(b"\xff" * _PAGE_BYTES)
        return True
    return False


def _truncate_store(site: Site, _: Fault) -> bool:
    with suppress(FileNotFoundError), site.jupyter.store.open("r+b") as file:
        file.truncate(100)
        return True
    return False


def _remove_store(site: Site, _: Fault) -> bool:
    with suppress(FileNotFoundError):
        site.jupyter.store.unlink()
        return True
    return False


def _go_on(site: Site) -> None:
    pid = site.jupyter.pid
    processes.send([] if pid is None else [pid], signal.SIGCONT)
    processes.send(site.jupyter.supervisors(), signal.SIGCONT)
    if site.cluster is not None:
        site.cluster.send("slurmctld", signal.SIGCONT)


def _empty_disk(site: Site) -> None:
    (site.disk / "filler").unlink(missing_ok=True)


_ACTIONS: Final[dict[Victim, Callable[[Site, Fault], bool]]] = {
    "server": _kill_server,
    "supervisor": _kill_supervisor,
    "wrapper": _kill_wrapper,
    "job": _kill_job,
    "slurmctld": _kill_daemon,
    "slurmrestd": _kill_daemon,
    "browser": _kill_browser,
    "owner": _kill_of_cluster,
    "starter": _kill_of_cluster,
    "worker": _kill_of_cluster,
    "cluster": _kill_of_cluster,
    "server stopped": _stop_server,
    "supervisor stopped": _stop_supervisor,
    "slurmctld stopped": _stop_slurmctld,
    "disk full": _fill_disk,
    "store overwritten": _overwrite_store,
    "store truncated": _truncate_store,
    "store removed": _remove_store,
}
_END: Final[dict[Victim, Callable[[Site], None]]] = {
    "server stopped": _go_on,
    "supervisor stopped": _go_on,
    "slurmctld stopped": _go_on,
    "disk full": _empty_disk,
}
