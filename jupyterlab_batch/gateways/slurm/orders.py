"""Orders to jobs as Slurm takes them, and its refusals in plain words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from jupyterlab_batch.domain.generated import TaskRefusal
from jupyterlab_batch.domain.problems import GatewayRefused, TasksRefused
from jupyterlab_batch.gateways.order import (
    Change,
    Hold,
    Order,
    Requeue,
    Resume,
    SendSignal,
    Suspend,
)
from jupyterlab_batch.gateways.slurm.arraytext import array_text, run_text, runs_of, waiting_of

NOT_THERE: Final = "Slurm does not have this job in its queue any more. Nothing was done."
_OPERATORS: Final = "Slurm lets only its operators suspend and resume jobs. Ask one of them."
_DENIED: Final[dict[type[Order], str]] = {
    Suspend: _OPERATORS,
    Resume: _OPERATORS,
    Change: "Slurm lets only its operators give a job more time or a smaller nice value. "
    "Ask for less, or ask one of them.",
}
_PLAINLY: Final = {
    "already finished": "The job is over already.",
    "already completing": "The job is over already.",
    "invalid job id": "Slurm does not know this job any more.",
    "unexpected message": "Slurm does not know this job any more.",
    "pending": "It has not started yet.",
    "not running": "It is not running.",
    "not suspended": "It is not suspended.",
}
_VERBS: Final = {Suspend: "suspend", Resume: "resume", Requeue: "requeue"}
_TOLD_OF_TASKS: Final = re.compile(r"(?:^|\bjob id )\d+_\[?([\d,:-]+)\]?: (.+)$", re.MULTILINE)
_DONE: Final = "No error"


class Target(msgspec.Struct, frozen=True):
    """What an order is given to: a job, ``7``, or tasks of an array, ``7_[0-3]``."""

    name: str
    tasks: Sequence[int] = ()
    """All of them, in order; empty for the whole job."""


def targets_of(native_id: str, task_indices: Sequence[int]) -> list[Target]:
    """Return what an order is given to: the job, or runs of tasks without steps."""
    if not task_indices:
        return [Target(native_id)]
    parts: list[range] = []
    for run in runs_of(task_indices):
        parts += [run] if run.step == 1 else [range(index, index + 1) for index in run]
    return [Target(f"{native_id}_[{run_text(part)}]", part) for part in parts]


def refusal_of(order: Order, target: Target, words: str, complaint: str) -> GatewayRefused | None:
    """Return what a tool that failed says of an order; ``None`` if it was done to a job after all.

    Parameters
    ----------
    words, complaint
        All that it said, and the last of it.

    Notes
    -----
    22.05: of an array ``scontrol`` says ``7_0-1: No error`` and ``7_2-3: Job is pending
    execution``; ``scancel`` says nothing of tasks to which it was done.
    """
    told = [(waiting_of(tasks), why.strip()) for tasks, why in _TOLD_OF_TASKS.findall(words)]
    if not target.tasks and any(why == _DONE for _, why in told):
        return None
    refused = [
        TaskRefusal(task_indices=named, message=why_not(order, why))
        for tasks, why in told
        if why != _DONE and (named := [index for index in target.tasks if index in tasks])
    ]
    return tasks_refused(refused) if refused else GatewayRefused(why_not(order, complaint))


def tasks_refused(refused: Sequence[TaskRefusal]) -> TasksRefused:
    """Say why nothing was done to some tasks; to the others it was."""
    by_message: dict[str, list[int]] = {}
    for one in refused:
        by_message.setdefault(one.message, []).extend(one.task_indices)
    merged = [
        TaskRefusal(task_indices=sorted(indices), message=message)
        for message, indices in by_message.items()
    ]
    parts = [
        f"Task{'s' if len(one.task_indices) > 1 else ''} {array_text(one.task_indices)}: "
        f"{one.message}"
        for one in merged
    ]
    return TasksRefused(" ".join(parts), refused=merged)


def not_by_rest(order: Order, target: str) -> str:
    """Say of an order for which slurmrestd has no call what does it.

    Notes
    -----
    v0.0.38: an update of ``requeue`` is taken without an error, and the job runs on.
    """
    tool = " ".join(argv_of(order, target))
    return (
        f"slurmrestd has no call for that; nothing was done. “{tool}” in a terminal does it, or "
        "ask the administrators to let JupyterLab use Slurm's command-line tools."
    )


def argv_of(order: Order, target: str) -> list[str]:
    """Return the program of Slurm's that gives an order, and its arguments."""
    if isinstance(order, SendSignal):
        return ["scancel", "--full", f"--signal={order.name}", target]
    if isinstance(order, Hold):
        return ["scontrol", "uhold" if order.is_held else "release", target]
    if isinstance(order, Change):
        terms = {
            "TimeLimit": _minutes(order),
            "Nice": order.nice,
            "Comment": order.comment,
        }
        told = [f"{name}={value}" for name, value in terms.items() if value is not None]
        return ["scontrol", "update", f"JobId={target}", *told]
    return ["scontrol", _VERBS[type(order)], target]


def json_of(order: Hold | Change) -> dict[str, Any]:
    """Return what slurmrestd is to change in a job."""
    if isinstance(order, Hold):
        return {"hold": order.is_held}
    terms = {"time_limit": _minutes(order), "nice": order.nice, "comment": order.comment}
    return {name: value for name, value in terms.items() if value is not None}


def why_not(order: Order, words: str) -> str:
    """Say in plain words why Slurm did not do it.

    Parameters
    ----------
    words
        Slurm's own.
    """
    if "denied" in words or "Invalid user id" in words:
        return _DENIED.get(type(order), "Slurm does not let you do that to this job.")
    if "disabled" in words and isinstance(order, Requeue):
        return "Slurm does not put this job into the queue again: it is not set up for that."
    for theirs, ours in _PLAINLY.items():
        if theirs in words.lower():
            return ours
    return f"Slurm says: {words.rstrip('.')}."


def _minutes(order: Change) -> int | None:
    return None if order.walltime_seconds is None else -(-order.walltime_seconds // 60)
