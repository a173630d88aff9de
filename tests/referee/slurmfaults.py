"""What goes wrong at a Slurm on a bad day: how it begins, and how it is mended."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from tests.referee.cases import Case
from tests.referee.cluster import Cluster
from tests.referee.processes import wait_for
from tests.referee.site import Site

_TOKEN_SECONDS: Final = 8
_CLOCK_SECONDS: Final = 300
_SHORT_AGE_SECONDS: Final = 2
_FORGOTTEN_SECONDS: Final = 150.0
_CROWD: Final = ("--uid=alice", "--hold", "--array=0-999", "--output=/dev/null", "--wrap=true")
_CROWD_ARRAYS: Final = 10
Step = Callable[[Site, Case], bool]


def _nothing(_site: Site, _target: Case) -> bool:
    return True


@dataclass(frozen=True)
class Trouble:
    """Each step tells whether there was anything to do it to.

    Parameters
    ----------
    prepare
        Before anybody submits.
    """

    begin: Step = _nothing
    end: Step = _nothing
    prepare: Step = _nothing


def _on_cluster(do: Callable[[Cluster], object]) -> Step:
    def step(site: Site, _: Case) -> bool:
        if site.cluster is None:
            return False
        return do(site.cluster) is not False

    return step


def _kill(daemon: str) -> Step:
    return _on_cluster(lambda cluster: cluster.kill(daemon))


def _signal(daemon: str, number: signal.Signals) -> Step:
    return _on_cluster(lambda cluster: cluster.send(daemon, number))


def _start(daemon: str) -> Step:
    return _on_cluster(lambda cluster: cluster.start(daemon))


def _spoil(how: str, site: Site, _: Case) -> bool:
    site.crossings.spoil(how)
    return True


def _say_the_truth(site: Site, _: Case) -> bool:
    site.crossings.mend()
    return True


def _renew_token(seconds: int, site: Site, _: Case) -> bool:
    site.renew_token(seconds)
    return True


def _await_expiry(site: Site, _: Case) -> bool:
    age = time.time() - site.token_file.stat().st_mtime
    time.sleep(max(0.0, _TOKEN_SECONDS + 1 - age))  # nobody tells that it has run out
    return True


def _set_clock(seconds: int, site: Site, _: Case) -> bool:
    site.crossings.set_clock(seconds)
    return True


def _sleep_until_forgotten(site: Site, target: Case) -> bool:
    """Stop the server until Slurm no longer knows a job that ran."""
    server, row = site.jupyter.pid, site.evidence.row(target)
    if site.cluster is None or server is None or row is None or row[1] is None:
        return False
    cluster, native_id = site.cluster, row[1]
    site.jupyter.send(signal.SIGSTOP)
    wait_for(lambda: not cluster.knows(native_id), "purge of a job", _FORGOTTEN_SECONDS)
    return True


def _wake(site: Site, _: Case) -> bool:
    if site.cluster is not None:
        site.cluster.remember_for(site.cluster.min_job_age_seconds)
    return site.jupyter.send(signal.SIGCONT)


def _gather(cluster: Cluster) -> None:
    for _ in range(_CROWD_ARRAYS):
        cluster.tool("sbatch", "--chdir=/", *_CROWD)


SLURM_TROUBLES: Final[dict[str, Trouble]] = {
    "slurmctld in taking it": Trouble(
        begin=_signal("slurmctld", signal.SIGSTOP), end=_kill("slurmctld")
    ),
    "slurmrestd in taking it": Trouble(
        begin=_signal("slurmrestd", signal.SIGSTOP), end=_kill("slurmrestd")
    ),
    "slurmrestd stopped": Trouble(
        begin=_signal("slurmrestd", signal.SIGSTOP), end=_signal("slurmrestd", signal.SIGCONT)
    ),
    **{
        f"answers: {how}": Trouble(begin=partial(_spoil, how), end=_say_the_truth)
        for how in ("garbage", "HTML", "a gigabyte", "half", "nothing", "late")
    },
    "slurmdbd": Trouble(begin=_kill("slurmdbd"), end=_start("slurmdbd")),
    "mariadbd": Trouble(begin=_kill("mariadbd"), end=_start("mariadbd")),
    "token": Trouble(
        prepare=partial(_renew_token, _TOKEN_SECONDS),
        begin=_await_expiry,
        end=partial(_renew_token, 86400),
    ),
    "node": Trouble(
        begin=_on_cluster(lambda cluster: cluster.set_nodes("down")),
        end=_on_cluster(lambda cluster: cluster.set_nodes("resume")),
    ),
    # Once before, so that an id comes again soon.
    "slurm wiped": Trouble(
        prepare=_on_cluster(Cluster.forget_all), begin=_on_cluster(Cluster.forget_all)
    ),
    "clock ahead": Trouble(prepare=partial(_set_clock, _CLOCK_SECONDS), end=_say_the_truth),
    "clock behind": Trouble(prepare=partial(_set_clock, -_CLOCK_SECONDS), end=_say_the_truth),
    "record purged": Trouble(
        prepare=_on_cluster(lambda cluster: cluster.remember_for(_SHORT_AGE_SECONDS)),
        begin=_sleep_until_forgotten,
        end=_wake,
    ),
    "crowd": Trouble(
        prepare=_on_cluster(_gather),
        end=_on_cluster(lambda cluster: cluster.tool("scancel", "--user=alice")),
    ),
}
