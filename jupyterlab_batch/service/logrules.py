"""What is wrong with the logs that a submission names. Blocks: call it in a thread."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from jupyterlab_batch.domain.asked import log_paths_of
from jupyterlab_batch.domain.decoding import issue
from jupyterlab_batch.domain.generated import CommandTask, Issue, JobSpec
from jupyterlab_batch.engine.outputs import INDEX, NATIVE_ID, named_logs, resolve_path
from jupyterlab_batch.engine.rundirectory import working_directory_of


def log_issues(spec: JobSpec, root_dir: Path) -> Iterator[Issue]:
    """Find fault with the places of logs, as the server's own user sees them."""
    if "\0" in "".join(log_paths_of(spec).values()):
        return
    for stream, name in named_logs(spec, working_directory_of(spec, root_dir)).items():
        field = f"spec.files.{stream}_path"
        before = name.partition(INDEX)[0].partition(NATIVE_ID)[0]
        if before != name:
            # They are not made yet; the folder is, in which they and their folders go.
            yield from _folder(field, Path(f"{before}x").parent)
        else:
            yield from _file(field, Path(name), spec, root_dir)


def _file(field: str, path: Path, spec: JobSpec, root_dir: Path) -> Iterator[Issue]:
    try:
        target = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        yield from _folder(field, path.parent)
        return
    except OSError as error:
        message = f"This path cannot be used: {error.strerror}."
        yield issue(field, "not_writable", message)
        return
    if not stat.S_ISREG(target.st_mode):
        yield issue(field, "not_a_file", "This is a folder or a device. Name a file.")
    elif not os.access(path, os.W_OK):
        yield issue(field, "not_writable", "You may not write there.")
    elif _is_source(target, spec, root_dir):
        message = "The log would be written into what runs. Choose another name."
        yield issue(field, "not_writable", message)


def _folder(field: str, folder: Path) -> Iterator[Issue]:
    """Find fault with a folder, which need not be there: the nearest one is that is."""
    there = next((one for one in (folder, *folder.parents) if os.path.lexists(one)), folder)
    if not os.path.isdir(there):  # noqa: PTH112 -- raises for no path, unlike Path.is_dir
        yield issue(field, "not_found", f"There is no folder {there}.")
    elif not os.access(there, os.W_OK | os.X_OK):
        yield issue(field, "not_writable", f"You may not write in {there}.")


def _is_source(target: os.stat_result, spec: JobSpec, root_dir: Path) -> bool:
    if isinstance(spec.task, CommandTask) or "\0" in spec.task.path:
        return False
    try:
        return os.path.samestat(target, resolve_path(spec.task.path, root_dir).stat())
    except OSError:
        return False
