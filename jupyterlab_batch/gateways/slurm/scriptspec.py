"""From the options of a batch script to the fields of a job."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import PurePosixPath
from typing import Any, Final

import msgspec

from jupyterlab_batch.domain.generated import ImportedLine
from jupyterlab_batch.engine.outputs import INDEX, NATIVE_ID
from jupyterlab_batch.gateways.base import ScriptReading
from jupyterlab_batch.gateways.slurm.choices import MEBIBYTE
from jupyterlab_batch.gateways.slurm.directives import Option, read_options
from jupyterlab_batch.gateways.slurm.options import NOT_HONOURED, may_pass_on

_SIZE: Final = re.compile(r"(\d+)([KMGT]?)B?", re.IGNORECASE)
_UNITS: Final = {"K": 1024, "": MEBIBYTE, "M": MEBIBYTE, "G": 2**30, "T": 2**40}
_TIME: Final = re.compile(r"(?:(\d+)-(\d+)(?::(\d+))?(?::(\d+))?|(\d+)(?::(\d+))?(?::(\d+))?)")
_RANGE: Final = re.compile(r"(\d+)(?:-(\d+)(?::(\d+))?)?")
_FEATURES: Final = re.compile(r"[\w.:/+=-]+(?:&[\w.:/+=-]+)*")
_LATER: Final = re.compile(r"now(?:\+(\d+)(\w*))?", re.IGNORECASE)
_SPANS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?)?")
_PATTERN: Final = re.compile(r"(%.?)")
_MOST_TASKS: Final = 100_000


class Odd(Exception):
    """Slurm would refuse this value; the message says why."""


class _Unfit(Exception):
    """It has no place in a field; the message says why it cannot be honoured, if nothing can."""


class _Reader:
    """Puts one option after another where it belongs; of two alike the later one holds."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.spec: dict[str, Any] = {}
        self.lines: dict[str, tuple[str, ImportedLine]] = {}
        self.overruled: list[ImportedLine] = []
        self.memory_per_core: int | None = None

    def take(self, option: Option) -> None:
        field, reason, kind = None, option.problem, "refused"
        self.spec.get("native", {}).pop(option.name, None)
        if reason is None:
            try:
                field, reason = self._put(option)
                kind = "taken"
            except Odd as odd:
                option = Option(line=option.line, name=option.name, value=option.value, problem="")
                reason = str(odd)
            except _Unfit as unfit:
                reason = str(unfit)
                if may_pass_on(option.name, option.value):
                    kind, reason = "passed_on", None
                    self.spec.setdefault("native", {})[option.name] = option.value
        self._overrule(option)
        self.lines[option.name] = (
            kind,
            ImportedLine(
                line=option.line,
                option=option.name,
                value=option.value,
                field_=field,
                reason=reason,
                is_invalid=option.problem is not None,
            ),
        )

    def _overrule(self, option: Option) -> None:
        _, before = self.lines.pop(option.name, ("", None))
        if before is not None:
            reason = before.reason if before.is_invalid else f"Line {option.line} says it again."
            self.overruled.append(msgspec.structs.replace(before, field_=None, reason=reason))

    def _put(self, option: Option) -> tuple[str, str | None]:
        """Put an option into its field; return the field, and what of it is lost."""
        put = _FIELDS.get(option.name)
        if put is None:
            raise _Unfit(NOT_HONOURED.get(option.name, "It cannot be sent from here."))
        return put(self, option.value or "")

    def set(self, path: str, value: object) -> tuple[str, str | None]:
        *parents, name = path.split(".")
        place = self.spec
        for parent in parents:
            place = place.setdefault(parent, {})
        place[name] = value
        return f"spec.{path}", None

    def first(self, path: str, value: str) -> tuple[str, str | None]:
        one, comma, _ = value.partition(",")
        return self.set(path, one)[0], "Only the first of them is taken." if comma else None

    def directory(self, value: str) -> tuple[str, str | None]:
        return self.set("files.working_directory", str(PurePosixPath(self.folder) / value))

    def log(self, stream: str, value: str) -> tuple[str, str | None]:
        if value == "/dev/null":
            raise _Unfit("A log is kept: it tells how a job went.")
        known = {"%%": "%", "%x": self.spec.get("name", "").replace("/", "")}
        known |= {"%A": NATIVE_ID, "%a": INDEX} if "array" in self.spec else {"%j": NATIVE_ID}
        parts = _PATTERN.split(value)
        words = [known.get(part, "") if place % 2 else part for place, part in enumerate(parts)]
        if "\\" in value or not all(words[1::2]):
            raise _Unfit(NOT_HONOURED["output"])
        return self.set(f"files.{stream}_path", "".join(words))

    def memory(self, value: str) -> tuple[str, str | None]:
        size = _size(value)
        if size == 0:
            raise _Unfit("It asks for all memory of a node. Say how much.")
        self.memory_per_core = None
        return self.set("resources.memory_bytes", size)

    def per_core(self, value: str) -> tuple[str, str | None]:
        self.memory_per_core = _size(value)
        return "spec.resources.memory_bytes", None

    def scratch(self, value: str) -> tuple[str, str | None]:
        return self.set("resources.scratch_bytes", _size(value))

    def walltime(self, value: str) -> tuple[str, str | None]:
        if value.upper() in ("UNLIMITED", "INFINITE") or value == "0":
            raise _Unfit("A job from here has a limit of time.")
        return self.set("resources.walltime_seconds", _seconds(value))

    def nodes(self, value: str) -> tuple[str, str | None]:
        if not value.isdigit():
            raise _Unfit("")
        return self.set("resources.nodes", _count(value))

    def features(self, value: str) -> tuple[str, str | None]:
        if not _FEATURES.fullmatch(value):
            raise _Unfit("")
        return self.set("placement.features", value.split("&"))

    def begin(self, value: str) -> tuple[str, str | None]:
        return self.set("placement.begin_at", _moment(value).isoformat())

    def array(self, value: str) -> tuple[str, str | None]:
        return self.set("array", _array(value))

    def export(self, value: str) -> tuple[str, str | None]:
        names = [name for name in value.split(",") if name]
        lost = [name for name in names if "=" not in name and name.upper() not in ("NONE", "NIL")]
        for name, _, text in (pair.partition("=") for pair in names if "=" in pair):
            self.set("environment.kind", "inherit")
            self.set(f"environment.variables.{name}", {"value": text})
        if lost:
            raise _Unfit(f"A job starts with a clean environment; {', '.join(lost)} is not in it.")
        return "spec.environment", None


_Put = Callable[[_Reader, str], "tuple[str, str | None]"]
_FIELDS: Final[dict[str, _Put]] = {
    "job-name": lambda reader, value: reader.set("name", value),
    "partition": lambda reader, value: reader.first("placement.queue", value),
    "account": lambda reader, value: reader.set("placement.account", value),
    "qos": lambda reader, value: reader.set("placement.qos", value),
    "reservation": lambda reader, value: reader.first("placement.reservation", value),
    "ntasks": lambda reader, value: reader.set("resources.processes", _count(value)),
    "cpus-per-task": lambda reader, value: reader.set("resources.cores", _count(value)),
    "nodes": _Reader.nodes,
    "mem": _Reader.memory,
    "mem-per-cpu": _Reader.per_core,
    "tmp": _Reader.scratch,
    "time": _Reader.walltime,
    "constraint": _Reader.features,
    "begin": _Reader.begin,
    "chdir": _Reader.directory,
    "output": lambda reader, value: reader.log("stdout", value),
    "error": lambda reader, value: reader.log("stderr", value),
    "array": _Reader.array,
    "export": _Reader.export,
}


def read_script(script: str, folder: str) -> ScriptReading:
    """Read what a script says of itself.

    Parameters
    ----------
    folder
        From which its relative paths start.

    Raises
    ------
    ScriptRefused
        It is no batch script.
    """
    reader, options = _Reader(folder), list(read_options(script))
    # The path of a log may hold what other lines say.
    for option in sorted(options, key=lambda one: one.name in ("output", "error")):
        reader.take(option)
    if reader.memory_per_core is not None:
        asked = reader.spec.setdefault("resources", {})
        processes = asked.get("processes") or asked.get("nodes") or 1
        on_a_node = -(-processes // (asked.get("nodes") or 1))
        asked["memory_bytes"] = reader.memory_per_core * asked.get("cores", 1) * on_a_node
    files = reader.spec.get("files", {})
    if "stdout_path" in files and "error" not in reader.lines:
        files["stderr_path"] = files["stdout_path"]  # as Slurm does
    places = {option.name: place for place, option in enumerate(options)}
    told = sorted(reader.lines.values(), key=lambda one: places[one[1].option])
    return ScriptReading(
        spec=reader.spec,
        taken=[line for kind, line in told if kind == "taken"],
        passed_on=[line for kind, line in told if kind == "passed_on"],
        refused=sorted(
            [*reader.overruled, *(line for kind, line in told if kind == "refused")],
            key=lambda line: line.line,
        ),
    )


def _count(value: str) -> int:
    if not value.isdigit() or int(value) == 0:
        raise Odd("This must be a number from 1 on.")
    return int(value)


def _size(value: str) -> int:
    match = _SIZE.fullmatch(value)
    if match is None:
        raise Odd("This is no size such as 500M or 4G.")
    return int(match[1]) * _UNITS[match[2].upper()]


def _seconds(value: str) -> int:
    match = _TIME.fullmatch(value)
    if match is None:
        raise Odd("This is no time such as 90, 1:30:00 or 2-12.")
    days, day_hours, day_minutes, day_seconds, first, second, third = (
        int(part or 0) for part in match.groups()
    )
    if match[1] is not None:
        return days * 86400 + day_hours * 3600 + day_minutes * 60 + day_seconds
    if match[7] is not None:
        return first * 3600 + second * 60 + third
    return first * 60 + second


def _moment(value: str) -> datetime:
    later = _LATER.fullmatch(value)
    if later is not None:
        unit = (later[2] or "s")[0].lower()
        if unit not in _SPANS:
            raise Odd("This is no time such as now+2hours.")
        span = timedelta(seconds=int(later[1] or 0) * _SPANS[unit])
        return (datetime.now(timezone.utc) + span).replace(microsecond=0)
    if not _DATE.fullmatch(value):
        raise _Unfit("This time cannot be read here.")
    try:
        return datetime.fromisoformat(value).astimezone(timezone.utc)
    except ValueError:
        raise Odd("There is no such day or time.") from None


def _array(value: str) -> dict[str, Any]:
    text, percent, most = value.partition("%")
    matches = [_RANGE.fullmatch(part) for part in text.split(",")]
    if None in matches or (percent and not most.isdigit()):
        raise Odd("This is no list of indices such as 0-9 or 1,3,5%2.")
    ranges = [
        (int(one[1]), int(one[2] or one[1]), int(one[3] or 1)) for one in matches if one is not None
    ]
    limit = {"max_running": int(most)} if percent and int(most) else {}
    if any(start > stop or step < 1 for start, stop, step in ranges):
        raise Odd("A range of indices ends after it begins.")
    if len(ranges) == 1:
        start, stop, step = ranges[0]
        return {"kind": "index", "start": start, "stop": stop, "step": step, **limit}
    if sum((stop - start) // step + 1 for start, stop, step in ranges) > _MOST_TASKS:
        raise Odd("These are more indices than an array can have.")
    indices = {index for start, stop, step in ranges for index in range(start, stop + 1, step)}
    return {"kind": "list", "indices": sorted(indices), **limit}
