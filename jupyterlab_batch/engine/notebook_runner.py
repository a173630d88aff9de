"""Run one notebook as a batch job, in the notebook's own kernel.

Usage: ``python -m jupyterlab_batch.engine.notebook_runner RUN_DIRECTORY SOURCE OUTPUT
WORKING_DIRECTORY [KERNEL_NAME [LOADER PYTHON [VARIABLE...]]]``. With a loader the kernel is one in
that Python, and the named variables win over those that the loader sets. A task of an array finds
its own run directory in ``BATCH_RUN_DIRECTORY``. Parameters are read from ``parameters.json`` in
the run directory, where a relative output goes too. Exit codes: 0 ok, 1 a cell failed, 2 it could
not be started, 143 ended by TERM (the kernel is shut down, the output saved). Jobs that were
submitted before an upgrade start the runner of the newer version: the arguments must stay what
they are.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
import threading
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import IO, Any, Final

from jupyterlab_batch.engine.ownkernel import START_SECONDS, OwnKernel
from jupyterlab_batch.engine.packages import PackageList
from jupyterlab_batch.engine.progress import MAX_TEXT, ProgressFile, replace_file
from jupyterlab_batch.engine.status import Outcome

_SAVE_SECONDS: Final = 2.0
_NOISE: Final = b"Kernel is running over TCP without encryption"


class Terminated(KeyboardInterrupt):
    """TERM came. Unwinds through the kernel client, which shuts the kernel down."""


class LaunchFailed(Exception):
    """The notebook could not be started; the message is for a person."""


class WholeFiles:
    """Papermill's way to files, but what is written replaces the old file as a whole."""

    def read(self, path: str) -> str:
        """Return the text of a notebook."""
        return Path(path).read_text(encoding="utf-8")

    def listdir(self, path: str) -> list[str]:
        """Return what is in a folder."""
        return [str(entry) for entry in Path(path).iterdir()]

    def write(self, text: str, path: str) -> None:
        """Replace a notebook; one who reads it meanwhile sees the old or the new."""
        replace_file(Path(path).resolve(), text.encode("utf-8", "surrogatepass"))

    def pretty_path(self, path: str) -> str:
        """Return the path as it is shown."""
        return path


class Run:
    """One run of a notebook by papermill."""

    def __init__(self, arguments: list[str]) -> None:
        directory, self._source, output, self._working_directory, *kernel = arguments
        self._kernel_name = kernel[0] or None if kernel else None
        self._own = OwnKernel(kernel[1], kernel[2], kernel[3:]) if len(kernel) > 1 else None
        self._directory = Path(os.environ.get("BATCH_RUN_DIRECTORY", directory))
        self._output = str(self._directory / output)
        self._progress = ProgressFile(self._directory)
        self._packages = PackageList(Path(directory))
        self._language: str | None = None
        self._notebook: Any = None
        self._saver: asyncio.Task[None] | None = None

    def run(self, stderr: IO[str]) -> int:
        """Run it to its end and say in the progress file how it ended."""
        self._progress.write()
        try:
            self._execute(stderr)
            self._packages.end()
        except Terminated:
            self._progress.write(Outcome(kind="terminated", cell=self._progress.cell))
            print("The notebook was ended from outside; what it had done is saved.", file=stderr)
            return 143
        except LaunchFailed as error:
            outcome = Outcome(kind="launch_failed", evalue=str(error)[:MAX_TEXT])
            self._progress.write(outcome)
            print(error, file=stderr)
            return 2
        except Exception as error:  # whatever a kernel or papermill raises is told, never lost
            return self._failed(error, stderr)
        self._progress.write(Outcome(kind="ok"))
        return 0

    def _failed(self, error: Exception, stderr: IO[str]) -> int:
        """Tell an error of a cell from one before the first cell."""
        self._packages.end()
        name = str(getattr(error, "ename", type(error).__name__))
        value = str(getattr(error, "evalue", error))
        cell = self._progress.cell
        if cell is None:
            text = f"The notebook could not be started: {value or name}"
            self._progress.write(Outcome(kind="launch_failed", evalue=text[:MAX_TEXT]))
            print(text, file=stderr)
            return 2
        outcome = Outcome(
            kind="cell_error", ename=name[:MAX_TEXT], evalue=value[:MAX_TEXT], cell=cell
        )
        self._progress.write(outcome)
        for line in getattr(error, "traceback", []):
            print(line, file=stderr)
        print(f"{name}: {value} in cell {cell}", file=stderr)
        return 1

    def _execute(self, stderr: IO[str]) -> None:
        # Papermill takes more than a second to import: the file above is written before it.
        # It would take three, most of it for a grammar of addresses that no notebook needs:
        # jsonschema does without.
        sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type] # typeshed has no None
        import papermill  # noqa: PLC0415 -- as said above
        from papermill.iorw import papermill_io  # noqa: PLC0415 -- likewise

        papermill_io.register("/", WholeFiles())
        parameters = json.loads((self._directory / "parameters.json").read_bytes())
        self._check()
        papermill.execute_notebook(
            _unformatted(self._source),
            _unformatted(self._output),
            parameters=parameters,
            kernel_name="python3" if self._own else self._kernel_name,
            language=self._language,
            cwd=self._working_directory,
            progress_bar=False,
            log_output=False,
            stdout_file=sys.stdout,
            stderr_file=stderr,
            autosave_cell_every=0,
            **self._own_kernel(),
            on_notebook_start=self._on_notebook_start,
            on_cell_execute=self._on_cell_execute,
            on_cell_executed=self._on_cell_executed,
        )

    def _check(self) -> None:
        """Find what would only show as a puzzle later.

        Raises
        ------
        LaunchFailed
        """
        import nbformat  # noqa: PLC0415 -- see _execute
        from jupyter_client.kernelspec import KernelSpecManager  # noqa: PLC0415 -- likewise

        name = Path(self._source).name
        try:
            notebook = nbformat.read(self._source, as_version=4)  # type: ignore[no-untyped-call] # half typed
            named = notebook.metadata.get("kernelspec", {})
            known = named.get("name")
            language = notebook.metadata.get("language_info", {}).get("name")
            language = language or named.get("language")
            cells = list(notebook.cells)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise LaunchFailed(f"{name} is not a notebook: {error}") from error
        if not Path(self._working_directory).is_dir():
            raise LaunchFailed(f"There is no folder {self._working_directory} to run in.")
        if self._own is not None:
            self._check_own(self._own, language)
            return
        kernel = self._kernel_name or known
        if kernel is None:
            raise LaunchFailed(f"{name} does not say which kernel it needs; choose one.")
        specs = KernelSpecManager()
        installed = sorted(specs.find_kernel_specs())
        if cells and kernel not in installed:
            raise LaunchFailed(
                f"There is no kernel {kernel!r} here; installed are: {', '.join(installed)}."
            )
        if kernel in installed:
            spec = specs.get_kernel_spec(kernel)
            # Parameters are written in it; a notebook that never ran may not name it.
            self._language = language or spec.language or None
            self._packages.begin(spec.argv[0])

    def _check_own(self, kernel: OwnKernel, language: str | None) -> None:
        """Find out whether the notebook can run in the Python of an environment.

        Raises
        ------
        LaunchFailed
        """
        if (language or "python").lower() not in ("python", "ipython"):
            raise LaunchFailed(
                f"The notebook is written in {language}, which no Python runs. Choose its kernel "
                "instead of an environment."
            )
        why = kernel.why_not(self._directory)
        if why is not None:
            raise LaunchFailed(why)
        self._language = "python"
        self._packages.begin(*kernel.command)

    def _own_kernel(self) -> dict[str, Any]:
        """Return what makes papermill start such a kernel."""
        if self._own is None:
            return {}
        manager = self._own.manager(self._directory)
        return {"kernel_manager_class": manager, "start_timeout": START_SECONDS}

    def _on_notebook_start(self, notebook: Any) -> None:  # noqa: ANN401 -- nbformat has no types
        self._notebook = notebook
        self._progress.start(notebook)

    async def _on_cell_execute(self, cell: Any, cell_index: int) -> None:  # noqa: ANN401 -- as above
        self._progress.cell_started(cell_index)
        self._saver = asyncio.create_task(self._save_while_running(cell))

    def _on_cell_executed(
        self,
        cell: Any,  # noqa: ANN401 -- as above
        cell_index: int,
        execute_reply: dict[str, Any],
    ) -> None:
        if self._saver is not None:
            self._saver.cancel()
        if execute_reply["content"]["status"] == "ok":
            self._progress.cell_done(cell_index)

    async def _save_while_running(self, cell: Any) -> None:  # noqa: ANN401 -- as above
        """Save a long cell's output every few seconds; papermill saves after each cell."""
        from papermill.iorw import write_ipynb  # noqa: PLC0415 -- see _execute

        pause, saved = _SAVE_SECONDS, 0
        while True:
            await asyncio.sleep(pause)
            self._progress.beat()
            before = time.monotonic()
            now = zlib.crc32(json.dumps(cell.outputs).encode())
            if now != saved:
                write_ipynb(self._notebook, self._output)
                saved = now
            pause = max(_SAVE_SECONDS, 10 * (time.monotonic() - before))


def _unformatted(path: str) -> str:
    """Protect braces: papermill takes a path for a format string."""
    return path.replace("{", "{{").replace("}", "}}")


def _on_term(signal_number: int, frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise Terminated


@contextlib.contextmanager
def _without_noise() -> Iterator[IO[str]]:
    """Keep one line of ipykernel's, which is no error, out of the job's messages.

    Yields
    ------
    The stream for our own messages and those of cells, which pass no filter.
    """
    kept = os.dup(2)
    reader, writer = os.pipe()
    os.dup2(writer, 2)
    os.close(writer)

    def forward() -> None:
        with open(reader, "rb") as lines:  # noqa: PTH123 -- opened by descriptor
            for line in lines:
                if _NOISE not in line:
                    os.write(kept, line)

    thread = threading.Thread(target=forward, daemon=True)
    thread.start()
    try:
        with open(kept, "w", encoding="utf-8", closefd=False) as stream:
            yield stream
    finally:
        os.dup2(kept, 2)
        thread.join(timeout=1)


def main() -> int:
    """Run the notebook that the command line names; return the exit code."""
    signal.signal(signal.SIGTERM, _on_term)
    with _without_noise() as stderr:
        try:
            return Run(sys.argv[1:]).run(stderr)
        except Terminated:
            return 143


if __name__ == "__main__":
    sys.exit(main())
