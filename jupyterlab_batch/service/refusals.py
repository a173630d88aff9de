"""What is wrong with a submission, in the words of the contract."""

from __future__ import annotations

from jupyterlab_batch.domain.decoding import issue
from jupyterlab_batch.domain.generated import Issue
from jupyterlab_batch.domain.identifiers import KEY_PATTERN
from jupyterlab_batch.domain.problems import BatchProblem, KeyMissing, NotValid, StoreUnavailable
from jupyterlab_batch.engine.rundirectory import RunPlan


def valid_key(key: str | None) -> str:
    """Return a key that can be one.

    Raises
    ------
    KeyMissing
    """
    if not key:
        raise KeyMissing("A submission needs an Idempotency-Key. Nothing was submitted.")
    if not KEY_PATTERN.fullmatch(key):
        raise KeyMissing(
            "An Idempotency-Key has 16 to 64 letters, digits, - or _. Nothing was submitted."
        )
    return key


def not_valid(issues: list[Issue]) -> NotValid:
    """Return the problem of a submission that has errors."""
    first = next((found for found in issues if found.severity == "error"), issues[0])
    return NotValid(
        "Something in the form is not right. Nothing was submitted.",
        field=first.field_,
        detail=issues,
    )


def not_written(error: OSError, plan: RunPlan) -> BatchProblem:
    """Return the problem of a submission whose run directory could not be made."""
    if plan.source is not None and str(error.filename) == str(plan.source):
        is_gone = isinstance(error, FileNotFoundError | NotADirectoryError)
        message = f"This file could be read a moment ago, and cannot any more: {error.strerror}."
        return not_valid(
            [issue("spec.task.path", "not_found" if is_gone else "not_readable", message)]
        )
    return StoreUnavailable(
        f"The run directory cannot be written ({error.strerror or error}). Nothing was submitted."
    )
