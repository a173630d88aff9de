"""What a user of Slurm may expect of the path of a log, and does not get."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from jupyterlab_batch.domain.asked import log_paths_of
from jupyterlab_batch.domain.generated import Issue, JobSpec
from jupyterlab_batch.engine.outputs import INDEX, NATIVE_ID

_PATTERN: Final = re.compile(r"%\d*[AaJjNnstux]")


def log_issues(spec: JobSpec) -> Iterator[Issue]:
    """Warn of patterns of ``sbatch --output``: a path from here is taken to the letter."""
    for stream, path in log_paths_of(spec).items():
        found = _PATTERN.search(path)
        if found is not None:
            yield Issue(
                field_=f"spec.files.{stream}_path",
                severity="warning",
                code="not_supported",
                message=f"{found[0]} is not replaced here: it becomes part of the file's name. "
                f"Write {NATIVE_ID} for Slurm's number of the job, and {INDEX} for the index of a "
                "task.",
                limit=None,
            )
