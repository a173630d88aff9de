"""Scripts that describe their own job, as by ``#SBATCH`` lines."""

from __future__ import annotations

from datetime import timedelta
from html import escape
from typing import TYPE_CHECKING, Any

from jupyterlab_batch.client.card import plain
from jupyterlab_batch.client.errors import BatchError
from jupyterlab_batch.client.generated import IndexArray, ListArray, ScriptTask
from jupyterlab_batch.client.listing import Listing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyterlab_batch.client.batch import Batch
    from jupyterlab_batch.client.generated import Gateway, ImportedLine, ImportedSpec, JobSpec
    from jupyterlab_batch.client.job import BatchJob
    from jupyterlab_batch.client.listing import PrettyPrinter


class OpenedScript:
    """A script and the job that it describes; it shows what became of each line.

    Attributes
    ----------
    asked
        The job, as arguments of `Batch.submit`; change what should be different.
    taken, passed_on, refused
        Lines that are in these arguments, those that go to the batch system as they are
        (``native``), and those that cannot be honoured, each with the reason.
    assumed
        Fields of the job of which the script says nothing.
    """

    def __init__(self, batch: Batch, gateway_id: str, imported: ImportedSpec) -> None:
        self._batch = batch
        self.asked = {"gateway": gateway_id, **_to_asked(imported.spec)}
        self.taken: Sequence[ImportedLine] = imported.taken
        self.passed_on: Sequence[ImportedLine] = imported.passed_on
        self.refused: Sequence[ImportedLine] = imported.refused
        self.assumed: Sequence[str] = imported.assumed

    def submit(
        self,
        *,
        anyway: bool = False,
        **changes: Any,  # noqa: ANN401 -- typed by Asked
    ) -> BatchJob:
        """Submit the job that the script describes, once.

        Parameters
        ----------
        anyway
            Submit although there are warnings, or lines that the batch system itself would
            refuse, which are left out.
        **changes
            Arguments of `Batch.submit` that are to be different from what the script says.

        Raises
        ------
        BatchError
            As from `Batch.submit`.
        """
        wrong = [line for line in self.refused if line.is_invalid]
        if wrong and not anyway:
            said = "; ".join(f"line {line.line}: {_option(line)}" for line in wrong)
            message = (
                f"The batch system would refuse the script ({said}). Nothing was submitted. To"
                " submit it without these, say anyway (anyway=True, or --anyway)."
            )
            raise BatchError(message, code="not_valid", field="spec.native")
        return self._batch.submit(**{**self.asked, **changes}, anyway=anyway)

    def _lines(self) -> Listing[tuple[str, ImportedLine]]:
        told = [
            *(("not honoured", line) for line in self.refused),
            *(("taken", line) for line in self.taken),
            *(("passed on", line) for line in self.passed_on),
        ]
        names = ", ".join(name.rpartition(".")[2] for name in self.assumed)
        return Listing(
            told,
            columns=("Line", "Option", "What became of it", "Where or why"),
            cells=_cells,
            empty="The script says nothing of its job.",
            note=f"The script does not say: {names}." if names else "",
        )

    def __repr__(self) -> str:
        return f"{plain(str(self.asked['script']))}\n{self._lines()!r}"

    def _repr_pretty_(self, printer: PrettyPrinter, cycle: bool) -> None:
        """Show the table in IPython."""
        printer.text("..." if cycle else repr(self))

    def _repr_html_(self) -> str:
        return f"<p>{escape(str(self.asked['script']))}</p>\n{self._lines()._repr_html_()}"


def reader_of(gateways: Sequence[Gateway]) -> str:
    """Return the gateway that reads scripts, if none is named: the first that can.

    Raises
    ------
    BatchError
        There is none.
    """
    for gateway in gateways:
        if gateway.capabilities.script_options:
            return gateway.id
    message = "No gateway of this Jupyter server reads lines such as #SBATCH."
    raise BatchError(message, code="unknown_gateway", field="gateway_id")


def _to_asked(spec: JobSpec) -> dict[str, Any]:
    resources, place, files = spec.resources, spec.placement, spec.files
    array = spec.array
    asked: dict[str, Any] = {
        "script": spec.task.path if isinstance(spec.task, ScriptTask) else None,
        "name": spec.name,
        "cores": resources.cores,
        "memory": f"{resources.memory_bytes}B",
        "time": timedelta(seconds=resources.walltime_seconds),
        "nodes": resources.nodes,
        "processes": resources.processes,
        "scratch": f"{resources.scratch_bytes}B" if resources.scratch_bytes else None,
        "working_directory": files.working_directory if files else None,
        "outputs": files.outputs if files else None,
        "stdout_path": files.stdout_path if files else None,
        "stderr_path": files.stderr_path if files else None,
        "native": spec.native,
        "variables": {
            name: variable.value
            for name, variable in ((spec.environment and spec.environment.variables) or {}).items()
        },
    }
    if place:
        asked |= {name: getattr(place, name) for name in _PLACE}
    if isinstance(array, IndexArray):
        asked["array"] = range(array.start, array.stop + 1, array.step or 1)
    elif isinstance(array, ListArray):
        asked["array"] = array.indices
    if array:
        asked["max_running"] = array.max_running
    return {name: value for name, value in asked.items() if value not in (None, {}, [])}


_PLACE = ("queue", "account", "qos", "reservation", "begin_at", "features")


def _option(line: ImportedLine) -> str:
    text = f"--{line.option}" if line.value is None else f"--{line.option}={line.value}"
    return plain(text)


def _cells(told: tuple[str, ImportedLine]) -> tuple[str, ...]:
    fate, line = told
    where = (line.field or "native").removeprefix("spec.")
    why = plain(line.reason or "")
    if line.is_invalid:
        why = f"The batch system would refuse it. {why}"
    place = "" if fate == "not honoured" else where
    return str(line.line), _option(line), fate, " ".join(filter(None, [place, why]))
