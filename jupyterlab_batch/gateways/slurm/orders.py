"""Orders to jobs as Slurm takes them, and its refusals in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from jupyterlab_batch.gateways.order import (
    Change,
    Hold,
    Order,
    Requeue,
    Resume,
    SendSignal,
    Suspend,
)
from jupyterlab_batch.gateways.slurm.arraytext import run_text, runs_of

NOT_BY_REST: Final = (
    "slurmrestd cannot do that. In a terminal, scontrol can; or ask the administrators to let "
    "JupyterLab use Slurm's command-line tools."
)
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
}
_VERBS: Final = {Suspend: "suspend", Resume: "resume", Requeue: "requeue"}


def targets_of(native_id: str, task_indices: Sequence[int]) -> list[str]:
    """Return what an order is given to: the job, or runs of tasks without steps."""
    if not task_indices:
        return [native_id]
    parts: list[range] = []
    for run in runs_of(task_indices):
        parts += [run] if run.step == 1 else [range(index, index + 1) for index in run]
    return [f"{native_id}_[{run_text(part)}]" for part in parts]


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
    if "denied" in words:
        return _DENIED.get(type(order), "Slurm does not let you do that to this job.")
    if "disabled" in words and isinstance(order, Requeue):
        return "Slurm does not put this job into the queue again: it is not set up for that."
    for theirs, ours in _PLAINLY.items():
        if theirs in words.lower():
            return ours
    return f"Slurm says: {words.rstrip('.')}."


def _minutes(order: Change) -> int | None:
    return None if order.walltime_seconds is None else -(-order.walltime_seconds // 60)
