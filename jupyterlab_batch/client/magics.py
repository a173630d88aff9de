"""``%batch``: jobs from a cell, in the words of the command line.

The client itself is imported by the first ``%batch``, so that loading the extension is free.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from IPython.core.error import UsageError
from IPython.core.magic import no_var_expand

from jupyterlab_batch.client.clustermagic import cluster
from jupyterlab_batch.client.magicorders import ORDERS, change, order
from jupyterlab_batch.client.magicparser import Help, Parser
from jupyterlab_batch.client.magicvalues import awaited, pair, tag, to_value, to_values

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from jupyterlab_batch.client.batch import Batch
    from jupyterlab_batch.client.cluster import BatchCluster
    from jupyterlab_batch.client.generated import Gateway, LogStream
    from jupyterlab_batch.client.job import BatchJob
    from jupyterlab_batch.client.listing import Listing
    from jupyterlab_batch.client.scripts import OpenedScript

    Shown: TypeAlias = BatchJob | BatchCluster | OpenedScript | Listing[Any] | None

_HELP = """\
%batch submit [OPTIONS] PATH [ARGUMENTS...]   run a notebook or a script
%batch submit [OPTIONS] -- COMMAND...         run a command
%batch open PATH                              what a script with #SBATCH lines says of its job
%batch jobs                                   list jobs, newest first
%batch log ID                                 show what a job has written
%batch cancel ID                              end a job, some tasks of it, or send it a signal
%batch hold|release ID                        keep a job that waits from starting, or let it
%batch suspend|resume|requeue ID              where the batch system can
%batch change ID --time 2h                    another time limit, nice value, comment or tags
%batch gateways                               list the batch systems
%batch cluster start|list|scale|adapt|stop    Dask clusters

-p NAME=VALUE takes JSON or plain text; -p NAME=$VARIABLE the value of a Python variable.
ID is the id of a job, the end of one, or a name (the latest job of it).
Add --help to any of them."""


def register(ipython: InteractiveShell) -> None:
    """Make ``%batch`` known to an IPython shell."""

    @no_var_expand
    def batch(line: str) -> Shown:
        """Submit, list, read and cancel batch jobs; ``%batch --help`` says how."""
        return run_line(line, ipython.user_ns)

    ipython.magics_manager.register_function(batch, "line", "batch")


def run_line(line: str, namespace: Mapping[str, object]) -> Shown:
    """Do what stands after ``%batch``, to the letter: no ``$`` or brace is expanded.

    Parameters
    ----------
    namespace
        The user's variables, of which ``-p name=$variable`` takes values.

    Raises
    ------
    UsageError
        The line cannot be read; nothing was done.
    BatchError
        As the client says.
    """
    try:
        words = shlex.split(line)
    except ValueError:
        raise UsageError("A quote is not closed in this line. Nothing was done.") from None
    command, rest = (words[0], words[1:]) if words else ("--help", [])
    try:
        if command in {"-h", "--help", "help"}:
            raise Help(_HELP)
        if command == "submit":
            return _submit(rest, namespace)
        if command in _COMMANDS:
            return _COMMANDS[command](rest)
    except Help as text:
        _show(str(text))
        return None
    raise UsageError(f'There is no "%batch {command}". Try %batch --help')


def _submit(words: list[str], namespace: Mapping[str, object]) -> BatchJob:
    end = words.index("--") if "--" in words else len(words)
    given = _submit_parser().parse_intermixed_args(words[:end])
    verbatim = words[end + 1 :]
    what: dict[str, Any] = {}
    if given.path is None:
        if not verbatim:
            raise UsageError("Say what to run: a PATH, or -- and a command. Nothing was submitted.")
        what["command"] = verbatim
    else:
        what["script"] = given.path
        what["arguments"] = [*given.arguments, *verbatim]
    return _open().submit(
        **what,
        name=given.name,
        gateway=given.gateway,
        cores=given.cores,
        memory=given.mem,
        time=given.time,
        queue=given.queue,
        account=given.account,
        qos=given.qos,
        nodes=given.nodes,
        processes=given.processes,
        modules=given.modules,
        conda=given.conda,
        python=given.python,
        image=given.image,
        working_directory=given.chdir,
        outputs=given.outputs,
        stdout_path=given.stdout,
        stderr_path=given.stderr,
        interpreter=given.interpreter,
        kernel_name=given.kernel,
        output_path=given.output,
        parameters={name: to_value(text, namespace) for name, text in given.parameters},
        variables=dict(given.variables),
        variables_from_files=dict(given.variables_from_files),
        gpus=given.gpus,
        array=given.array,
        vary={name: to_values(text, namespace) for name, text in given.vary} or None,
        together=given.together,
        max_running=given.max_running,
        after=dict(given.after) or None,
        tags=dict(given.tags) or None,
        anyway=given.anyway,
        key=given.key,
    )


def _submit_parser() -> Parser:
    parser = Parser(
        "submit",
        "[OPTIONS] PATH [ARGUMENTS...] | [OPTIONS] -- COMMAND...",
        "Run a notebook, a script or a command as a batch job.",
    )
    add = parser.add_argument
    add("path", metavar="PATH", nargs="?", help="a notebook (.ipynb) or a script")
    add("arguments", metavar="ARGUMENTS", nargs="*", help="of a script; after -- taken as they are")
    add("--gateway", metavar="ID", help="by default the first of %%batch gateways")
    add("-c", "--cores", type=int, default=1, metavar="N", help="by default 1")
    add("--mem", default="1GB", metavar="SIZE", help="with a unit, by default 1GB")
    add("--time", default="1h", metavar="TIME", help="time limit: 10m, 1h30m, 1-12:00")
    add("--name", help="by default that of the file")
    add("-p", dest="parameters", metavar="NAME=VALUE", type=pair, action="append", default=[],
        help="value for the notebook's cell tagged parameters")  # fmt: skip
    add("-e", "--env", dest="variables", metavar="NAME=VALUE", type=pair, action="append",
        default=[], help="variable of the job's environment")  # fmt: skip
    add("--env-from", dest="variables_from_files", metavar="NAME=PATH", type=pair, action="append",
        default=[], help="variable whose value is in a file, for secrets")  # fmt: skip
    add("--gpus", type=int, default=0, metavar="N", help="by default none")
    add("--array", metavar="INDICES", help="many tasks: 0-99, 1,2,5 or, ten at a time, 0-99%%10")
    add("--vary", metavar="NAME=VALUES", type=pair, action="append", default=[],
        help="a task for each value: 0..9, a,b,c, JSON or $VARIABLE")  # fmt: skip
    add("--together", action="store_true", help="first values together, then second, ...")
    add("--max-running", type=int, metavar="N", help="at most so many tasks at a time")
    add("--after", metavar="ID[:WHEN]", type=awaited, action="append", default=[],
        help="start when that job has succeeded; or finished, or failed")  # fmt: skip
    add("--tag", dest="tags", metavar="NAME[=VALUE]", type=tag, action="append", default=[],
        help="what the job is found by")  # fmt: skip
    add("--queue", help="by default the gateway's")
    add("--account", help="by default the gateway's")
    add("--qos", help="quality of service")
    add("--nodes", type=int, metavar="N", help="over which the processes are spread")
    add("--processes", type=int, metavar="N", help="started by the job itself, by srun or mpirun")
    add("--module", dest="modules", metavar="NAME", action="append", help="to be loaded")
    add("--conda", metavar="NAME", help="a conda environment, or its folder")
    add("--python", metavar="PATH", help="an interpreter or the folder of a virtual environment")
    add("--image", metavar="NAME", help="a container image, or its file")
    add("--chdir", metavar="FOLDER", help="by default the folder of the notebook or script")
    add("--outputs", metavar="NAME", action="append",
        help="file that it is to leave; * stands for any part of a name")  # fmt: skip
    add("--stdout", metavar="PATH", help="its log, by default in its run folder; {index} in tasks")
    add("--stderr", metavar="PATH", help="the log of its errors, likewise")
    add("--interpreter", metavar="PROGRAM", help="of a script, by default its first line decides")
    add("--kernel", metavar="NAME", help="of a notebook, by default its own")
    add(
        "--output", metavar="PATH", help="executed copy of a notebook, by default in its run folder"
    )
    add("--anyway", action="store_true", help="submit although there are warnings")
    add("--key", help="of an earlier try whose answer was lost")
    return parser


def _open_script(words: list[str]) -> OpenedScript | BatchJob:
    parser = Parser(
        "open", "[OPTIONS] PATH", "Show what a script says of its job, such as by #SBATCH lines."
    )
    add = parser.add_argument
    add("path", metavar="PATH")
    add("--gateway", metavar="ID", help="by default the first that reads such lines")
    add("--submit", action="store_true", help="submit this job; Batch.open_script can change it")
    add("--anyway", action="store_true", help="submit although there are warnings")
    given = parser.parse_args(words)
    script = _open().open_script(given.path, gateway=given.gateway)
    if not given.submit:
        return script
    _show(repr(script))
    return script.submit(anyway=given.anyway)


def _jobs(words: list[str]) -> Listing[BatchJob]:
    parser = Parser("jobs", "[OPTIONS]", "List jobs, newest first.")
    groups = ["needs_you", "running", "queued", "finished"]
    parser.add_argument("--group", choices=groups, help="only these")
    parser.add_argument("--limit", type=int, default=50, metavar="N", help="by default 50")
    given = parser.parse_args(words)
    return _open().jobs(given.group, given.limit)


def _log(words: list[str]) -> None:
    parser = Parser("log", "[OPTIONS] ID", "Show what a job has written so far.")
    parser.add_argument("id", metavar="ID")
    parser.add_argument("--task", type=int, metavar="N", help="of an array")
    parser.add_argument("--stderr", action="store_true", help="the stream of errors")
    parser.add_argument("--tail", type=int, metavar="N", help="the last N lines")
    given = parser.parse_args(words)
    stream: LogStream = "stderr" if given.stderr else "stdout"
    log = _open().job(given.id).log(stream, given.tail, task=given.task)
    _show(repr(log))


def _gateways(words: list[str]) -> Listing[Gateway]:
    Parser("gateways", "", "List the batch systems.").parse_args(words)
    return _open().gateways()


def _open_job(name: str) -> BatchJob:
    return _open().job(name)


def _open() -> Batch:
    from jupyterlab_batch.client.batch import Batch  # noqa: PLC0415 -- loading must be free

    return Batch()


_COMMANDS: dict[str, Callable[[list[str]], Shown]] = {
    "open": _open_script,
    "jobs": _jobs,
    "log": _log,
    **{verb: partial(order, verb, _open_job) for verb in ORDERS},
    "change": partial(change, _open_job),
    "gateways": _gateways,
    "cluster": lambda words: cluster(_open, words),
}


def _show(text: str) -> None:
    sys.stdout.write(text if text.endswith("\n") else f"{text}\n")
