"""The indices of an array as Slurm writes them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from jupyterlab_batch.gateways.waiting import Waiting

MAX_TEXT_LENGTH: Final = 100_000
"""Of indices: one argument of a program holds 128 kB."""
_RUN: Final = re.compile(r"(\d+)(?:-(\d+)(?::(\d+))?)?")


def array_text(indices: Sequence[int], max_running: int | None = None) -> str:
    """Write indices as ``sbatch --array`` takes them.

    >>> array_text([0, 1, 2, 5, 7, 9, 11, 30], 2)
    '0-2,5-11:2,30%2'
    """
    text = ",".join(map(run_text, runs_of(indices)))
    return text if max_running is None else f"{text}%{max_running}"


def runs_of(indices: Sequence[int]) -> list[range]:
    """Write ascending indices as runs of one step each; a range is one, whatever its length."""
    if isinstance(indices, range):
        return [indices]
    ordered, runs, start = sorted(indices), [], 0
    while start < len(ordered):
        end = start + 1
        step = ordered[end] - ordered[start] if end < len(ordered) else 1
        while end < len(ordered) and ordered[end] - ordered[end - 1] == step:
            end += 1
        if end - start == 2 and step > 1:  # two that are apart are better told one by one
            end, step = start + 1, 1
        runs.append(range(ordered[start], ordered[end - 1] + 1, step))
        start = end
    return runs


def run_text(run: range) -> str:
    """Write one run of indices."""
    if len(run) == 1:
        return str(run[0])
    return f"{run[0]}-{run[-1]}" + (f":{run.step}" if run.step > 1 else "")


def waiting_of(text: str) -> Waiting:
    """Read what `array_text` writes; Slurm cuts it after 64 characters, where it is let.

    >>> waiting_of("0-9:3,20,21...%4")
    Waiting(runs=(range(0, 10, 3), range(20, 21)), is_cut=True, end=None)
    """
    told = text.partition("%")[0].strip("[]")
    is_cut = told.endswith("...")
    words = told.removesuffix("...").split(",")
    if is_cut:
        words.pop()  # it may be half a number
    runs = []
    for word in words:
        match = _RUN.fullmatch(word)
        if match:
            first, step = int(match[1]), int(match[3] or 1)
            runs.append(range(first, int(match[2] or first) + 1, max(step, 1)))
    return Waiting(runs=tuple(runs), is_cut=is_cut)
