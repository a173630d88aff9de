"""What is wrong with the files and folders of a submission. Blocks: call it in a thread."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from jupyterlab_batch.domain.asked import log_paths_of, variables_of
from jupyterlab_batch.domain.decoding import issue
from jupyterlab_batch.domain.generated import CommandTask, Issue, JobSpec, NotebookTask
from jupyterlab_batch.engine.environments import has_own_kernel
from jupyterlab_batch.engine.outputs import resolve_path
from jupyterlab_batch.engine.regularfile import NotRegular, open_regular
from jupyterlab_batch.engine.wrapper import MAX_VARIABLE_FILE_BYTES
from jupyterlab_batch.service.environmentfiles import has_place, kernel_issues, place_issues
from jupyterlab_batch.service.logrules import log_issues

_NOTEBOOK: Final = (200 * 2**20, "The notebook is too large. Clear its outputs.")
_SCRIPT: Final = (None, "")
_VALUE: Final = (MAX_VARIABLE_FILE_BYTES, "The file is too large to be the value of a variable.")
_PATH: Final = "spec.task.path"
_KERNEL: Final = "spec.task.kernel_name"
_OUTPUT: Final = "spec.task.output_path"
_FOLDER: Final = "spec.files.working_directory"


class FileRules(msgspec.Struct, frozen=True, kw_only=True):
    """Checks paths as the server's own user sees them."""

    root_dir: Path
    kernel_names: Callable[[], Collection[str]]
    """Names of the kernels that can be started now."""

    def concern(self, spec: JobSpec) -> bool:
        """Tell whether a job names any file or folder. Touches no disk."""
        has_folder = not isinstance(spec.files, msgspec.UnsetType) and spec.files.working_directory
        return (
            not isinstance(spec.task, CommandTask)
            or bool(has_folder)
            or bool(log_paths_of(spec))
            or any(isinstance(one.from_file, str) for one in variables_of(spec).values())
            or has_place(spec, self.root_dir)
        )

    def issues(self, spec: JobSpec, source: Path | None = None) -> list[Issue]:
        """Return what is wrong with the files and folders of a job.

        Parameters
        ----------
        source
            To be run in place of the file that the spec names.
        """
        found = [*self._working_directory(spec), *self._variable_files(spec)]
        found += place_issues(spec, self.root_dir)
        found += log_issues(spec, self.root_dir)
        task = spec.task
        if isinstance(task, CommandTask) or not _is_path(task.path):
            return found
        original = resolve_path(task.path, self.root_dir)
        if source is not None:
            found += _folder_of(original, spec)
        path = source or original
        is_notebook = isinstance(task, NotebookTask)
        content, problems = _read(path, _PATH, *(_NOTEBOOK if is_notebook else _SCRIPT))
        found += problems
        if isinstance(task, NotebookTask):
            found += self._output(task, original)
            if content is not None:
                found += self._notebook(task, content, has_own_kernel(spec))
        return found

    def _notebook(self, task: NotebookTask, content: bytes, has_own: bool) -> Iterator[Issue]:
        notebook = _parse_notebook(content)
        if notebook is None:
            yield issue(_PATH, "not_a_notebook", "This file is no Jupyter notebook.")
            return
        if has_own:
            yield from kernel_issues(notebook.get("metadata"))
            return
        name = task.kernel_name or _kernel_of(notebook)
        if not name:
            yield issue(_KERNEL, "unknown_kernel", "The notebook names no kernel. Choose one.")
        elif name not in self.kernel_names():
            message = f'There is no kernel "{name[:100]}" on this server. Choose another one.'
            yield issue(_KERNEL, "unknown_kernel", message)

    def _output(self, task: NotebookTask, source: Path) -> Iterator[Issue]:
        if not isinstance(task.output_path, str) or not _is_path(task.output_path):
            return
        path = resolve_path(task.output_path, self.root_dir)
        try:
            target = path.stat()
        except FileNotFoundError:
            yield from _new_file(path.parent)
            return
        except OSError as error:
            yield issue(_OUTPUT, _code_of(error), f"This path cannot be used: {error.strerror}.")
            return
        if not stat.S_ISREG(target.st_mode):
            yield issue(_OUTPUT, "not_a_file", "This is a folder or a device. Name a file.")
        elif _is_same(target, source):
            message = "The output would overwrite the notebook itself. Choose another name."
            yield issue(_OUTPUT, "not_writable", message)
        elif not os.access(path, os.W_OK):
            yield issue(_OUTPUT, "not_writable", "You may not write there.")

    def _working_directory(self, spec: JobSpec) -> Iterator[Issue]:
        if isinstance(spec.files, msgspec.UnsetType):
            return
        name = spec.files.working_directory
        if not isinstance(name, str) or not _is_path(name):
            return
        path = resolve_path(name, self.root_dir)
        try:
            is_folder = stat.S_ISDIR(path.stat().st_mode)
        except OSError as error:
            yield issue(_FOLDER, _code_of(error), f"This folder cannot be used: {error.strerror}.")
            return
        if not is_folder:
            yield issue(_FOLDER, "not_found", "This is no folder.")
        elif not os.access(path, os.W_OK | os.X_OK):
            yield issue(_FOLDER, "not_writable", "You may not write in this folder.")

    def _variable_files(self, spec: JobSpec) -> Iterator[Issue]:
        for name, variable in variables_of(spec).items():
            if isinstance(variable.from_file, str) and _is_path(variable.from_file):
                path = resolve_path(variable.from_file, self.root_dir)
                field = f"spec.environment.variables.{name[:100]}.from_file"
                yield from _read(path, field, *_VALUE)[1]


def _folder_of(original: Path, spec: JobSpec) -> Iterator[Issue]:
    """Find fault with the folder in which a job starts if nothing else is said."""
    is_named = not isinstance(spec.files, msgspec.UnsetType) and spec.files.working_directory
    if not is_named and not os.path.isdir(original.parent):  # noqa: PTH112 -- raises for no path
        yield issue(_FOLDER, "not_found", "The folder in which it ran does not exist any more.")


def _new_file(folder: Path) -> Iterator[Issue]:
    if not os.path.isdir(folder):  # noqa: PTH112 -- raises for no path, unlike Path.is_dir
        yield issue(_OUTPUT, "not_found", "The folder of the output does not exist.")
    elif not os.access(folder, os.W_OK | os.X_OK):
        yield issue(_OUTPUT, "not_writable", "You may not write there.")


def _is_same(target: os.stat_result, source: Path) -> bool:
    try:
        return os.path.samestat(target, source.stat())
    except OSError:
        return False


def _read(
    path: Path, field: str, limit: int | None, too_long: str
) -> tuple[bytes | None, list[Issue]]:
    """Return what is in a file, or why it cannot be; of a file without a limit nothing is read."""
    try:
        with open_regular(path, follow_links=True) as file:
            if limit is None:
                return b"", []
            if os.fstat(file.fileno()).st_size > limit:
                return None, [issue(field, "too_long", too_long, limit=limit)]
            return file.readall(), []
    except NotRegular:
        return None, [issue(field, "not_a_file", "This is a folder or a device. Name a file.")]
    except OSError as error:
        message = f"This file cannot be read: {error.strerror}."
        return None, [issue(field, _code_of(error), message)]


def _code_of(error: OSError) -> Any:  # noqa: ANN401 -- a literal of the contract
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return "not_found"
    return "not_readable"


def _is_path(path: str) -> bool:
    return bool(path) and "\0" not in path


def _parse_notebook(content: bytes) -> dict[str, Any] | None:
    try:
        notebook = json.loads(content)
    except (ValueError, RecursionError):
        return None
    is_notebook = (
        isinstance(notebook, dict)
        and isinstance(notebook.get("cells"), list)
        and isinstance(notebook.get("nbformat"), int)
    )
    return notebook if is_notebook else None


def _kernel_of(notebook: dict[str, Any]) -> str | None:
    metadata = notebook.get("metadata")
    kernelspec = metadata.get("kernelspec") if isinstance(metadata, dict) else None
    name = kernelspec.get("name") if isinstance(kernelspec, dict) else None
    return name if isinstance(name, str) else None
