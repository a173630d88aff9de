"""``%batch`` lines that give orders to a job."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from jupyterlab_batch.client.magicparser import Parser

if TYPE_CHECKING:
    from jupyterlab_batch.client.job import BatchJob

ORDERS = {
    "cancel": "End a job that is not over, or send it a signal.",
    "hold": "Keep a job that waits from starting.",
    "release": "Let a held job start again.",
    "suspend": "Stop a job where it is.",
    "resume": "Let a suspended job go on.",
    "requeue": "End a job and let it wait and run again.",
}
_SIGNALS = ["TERM", "INT", "HUP", "QUIT", "USR1", "USR2", "CONT"]


def order(verb: str, open_job: Callable[[str], BatchJob], words: list[str]) -> BatchJob:
    """Give an order to the job that a line names, or to some of its tasks."""
    parser = Parser(verb, "[OPTIONS] ID", ORDERS[verb])
    parser.add_argument("id", metavar="ID")
    parser.add_argument("--tasks", type=_indices, metavar="INDICES", help="of an array: 1,2,5-9")
    if verb == "cancel":
        parser.add_argument("--signal", choices=_SIGNALS, help="send only this")
    given = parser.parse_args(words)
    more: dict[str, Any] = {}
    if getattr(given, "signal", None):
        more["signal"] = given.signal
    done: BatchJob = getattr(open_job(given.id), verb)(given.tasks, **more)
    return done


def change(open_job: Callable[[str], BatchJob], words: list[str]) -> BatchJob:
    """Change the terms of the job that a line names."""
    parser = Parser("change", "[OPTIONS] ID", "Change the terms of a job that is not over.")
    add = parser.add_argument
    add("id", metavar="ID")
    add("--time", help="time limit in all: 10m, 1h30m, 1-12:00")
    add("--nice", type=int, metavar="N", help="the greater the later it starts")
    add("--comment", metavar="TEXT", help="one line")
    add("--tag", dest="tags", metavar="NAME[=VALUE]", type=_tag, action="append", default=[],
        help="what the job is found by; takes the place of its tags")  # fmt: skip
    add("--tasks", type=_indices, metavar="INDICES", help="of an array: 1,2,5-9")
    given = parser.parse_args(words)
    return open_job(given.id).change(
        time=given.time,
        nice=given.nice,
        comment=given.comment,
        tags=dict(given.tags) or None,
        tasks=given.tasks,
    )


def _indices(text: str) -> list[int]:
    found: list[int] = []
    for word in text.split(","):
        first, dash, last = word.partition("-")
        if not first.isdigit() or (dash and not last.isdigit()):
            message = f'"{text}" is not a list of indices such as 1,2,5-9'
            raise argparse.ArgumentTypeError(message)
        found += range(int(first), int(last or first) + 1)
    return found


def _tag(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name, value
