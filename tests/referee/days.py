"""Bad days at a Slurm, as data: what breaks, when, and how long it lasts until it is mended.

``make test`` plays each once, profiles and ways in turn; ``make soak`` plays every cell.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from tests.referee.account import Account
from tests.referee.cases import PLAIN, Kind, Oddities
from tests.referee.cluster import Profile
from tests.referee.evidence import Place
from tests.referee.faults import Victim
from tests.referee.site import SUBMIT_DEADLINE_SECONDS

Way = Literal["rest", "cli"]
WAYS: Final[tuple[Way, ...]] = ("rest", "cli")


@dataclass(frozen=True)
class Ground:
    """On what kind of Slurm days are played."""

    title: str
    profile: Profile
    has_database: bool
    most_tasks: int
    """Of an array."""


GROUNDS: Final = (
    Ground("ours", "ours", has_database=True, most_tasks=20_000),
    Ground("stock", "stock", has_database=True, most_tasks=1_000),
    Ground("stock without slurmdbd", "stock", has_database=False, most_tasks=1_000),
)


@dataclass(frozen=True)
class Order:
    """One job that is submitted on that day."""

    kind: Kind = "short"
    odd: Oddities = PLAIN


@dataclass(frozen=True)
class Day:
    """One bad day; the first of its orders is what it is aimed at.

    Parameters
    ----------
    victims
        Who is struck, by the way in which Slurm is asked; nobody if only the orders are odd.
    aim
        Where in its life the first job is then.
    shows
        Tells by what became of the jobs whether the day was what it is called.
    """

    title: str
    orders: tuple[Order, ...]
    victims: tuple[Victim, Victim | None] | None = None
    aim: Place = "before intent"
    delay_seconds: float = 0.0
    lasts_seconds: float = 0.0
    needs_database: bool = False
    shows: Callable[[list[Account]], bool] | None = None

    def victim(self, way: Way) -> Victim | None:
        return None if self.victims is None else self.victims[WAYS.index(way)]

    def can_be(self, ground: Ground, way: Way) -> bool:
        """Tell whether there is such a cell."""
        is_struck = self.victims is None or self.victim(way) is not None
        return is_struck and (ground.has_database or not self.needs_database)


_USUAL: Final = (Order("short"), Order("long"), Order("short", Oddities(is_late=True)))
_LASTING: Final = (Order("lasting"), Order("short", Oddities(is_late=True)))
_CANCELLED: Final = (Order("cancelled"), Order("long"))
_INJECTED: Final = "$(touch injected) `touch injected`"
_TITLES: Final = ("a, b = c; d", _INJECTED, "100% of %j %x %A_%a")
_IMPOSSIBLE: Final = ("two\nlines\n#SBATCH --partition=batch\n", "x" * 100_000)
_TASKS: Final = 10_000


def _ran_again(accounts: list[Account]) -> bool:
    return any(start.attempt > 1 for account in accounts for start in account.starts)


def _has_id_again(accounts: list[Account]) -> bool:
    ids = [account.row["native_id"] for account in accounts if account.row is not None]
    return len(ids) > len(set(ids))


def _was_unknown(accounts: list[Account]) -> bool:
    case = accounts[0].case
    return case.cancel_asked and case.acknowledged[0][1] is None


def _killed_after(seconds: float) -> Day:
    return Day(
        f"slurmctld killed {seconds:g} s after the acknowledgement",
        _USUAL,
        ("slurmctld", "slurmctld"),
        "in storing the answer",
        delay_seconds=seconds,
    )


def _answers(how: Victim, title: str) -> Day:
    return Day(title, _USUAL, (how, how), "in answering", lasts_seconds=3.0)


DAYS: Final = (
    Day(
        "slurmctld killed before the acknowledgement",
        _USUAL,
        ("slurmctld", "slurmctld"),
        "in sending",
    ),
    Day(
        "slurmctld killed in the acknowledgement",
        _USUAL,
        ("slurmctld in taking it", "slurmctld in taking it"),
        "in sending",
        lasts_seconds=0.5,
    ),
    _killed_after(0),
    _killed_after(1),
    _killed_after(5),
    Day(
        "slurmrestd or sbatch killed while it submits",
        _USUAL,
        ("slurmrestd in taking it", "answers: nothing"),
        "in sending",
        lasts_seconds=0.5,
    ),
    Day(
        "slurmrestd or the tools hang longer than the deadline",
        _USUAL,
        ("slurmrestd stopped", "answers: late"),
        "in sending",
        lasts_seconds=SUBMIT_DEADLINE_SECONDS + 2,
    ),
    _answers("answers: garbage", "answers are garbage"),
    _answers("answers: HTML", "answers are HTML"),
    _answers("answers: a gigabyte", "answers of 1 GB"),
    _answers("answers: half", "answers break off half-way"),
    Day(
        "slurmdbd down",
        _USUAL,
        ("slurmdbd", "slurmdbd"),
        "in sending",
        lasts_seconds=4.0,
        needs_database=True,
    ),
    Day(
        "MariaDB down",
        _USUAL,
        ("mariadbd", "mariadbd"),
        "in sending",
        lasts_seconds=4.0,
        needs_database=True,
    ),
    Day(
        "token expired in flight",
        _USUAL,
        ("token", None),
        "in sending",
        lasts_seconds=2.0,
    ),
    Day(
        "clock of Slurm 5 min ahead",
        _USUAL,
        ("clock ahead", "clock ahead"),
        "ending",
        lasts_seconds=3.0,
    ),
    Day(
        "clock of Slurm 5 min behind",
        _USUAL,
        ("clock behind", "clock behind"),
        "ending",
        lasts_seconds=3.0,
    ),
    Day(
        "scheduler wiped, ids come again",
        _LASTING,
        ("slurm wiped", "slurm wiped"),
        "running",
        delay_seconds=0.3,
        shows=_has_id_again,
    ),
    Day(
        "array of 10,000 tasks",
        (Order("cancelled", Oddities(tasks=_TASKS)), Order("short")),
    ),
    Day(
        "node down while running",
        _LASTING,
        ("node", "node"),
        "running",
        lasts_seconds=1.0,
        shows=_ran_again,
    ),
    Day("10,000 jobs of others", _USUAL, ("crowd", "crowd"), "ending", lasts_seconds=1.0),
    Day(
        "records purged while the server sleeps",
        (Order("long"), Order("failing"), Order("short", Oddities(is_late=True))),
        ("record purged", "record purged"),
        "running",
    ),
    Day(
        "cancelled while its submission is unknown",
        _CANCELLED,
        ("answers: nothing", "answers: nothing"),
        "in answering",
        lasts_seconds=3.0,
        shows=_was_unknown,
    ),
    Day(
        "names with blanks, commas, lines, $(...) and 100 kB",
        (
            *(Order("short", Oddities(title=title)) for title in _TITLES),
            *(Order("short", Oddities(title=title, is_impossible=True)) for title in _IMPOSSIBLE),
        ),
    ),
    Day(
        "values with newlines",
        (Order("short", Oddities(says=f"a\nb\n#SBATCH --time=1\n{_INJECTED}")),),
    ),
    Day("% patterns in the paths of logs", (Order("short"), Order("failing"))),
    Day("a script of 5 MB", (Order("short", Oddities(script_bytes=5 * 1024 * 1024)),)),
)
