"""Making a job of a script, as the script itself describes it to a batch system."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from jupyterlab_batch.domain.decoding import issue
from jupyterlab_batch.domain.generated import (
    Gateway,
    ImportedSpec,
    ImportInput,
    IssueCode,
    JobSpec,
)
from jupyterlab_batch.domain.problems import NotValid
from jupyterlab_batch.engine.outputs import resolve_path
from jupyterlab_batch.engine.regularfile import NotRegular, open_regular
from jupyterlab_batch.gateways.base import ScriptReading
from jupyterlab_batch.service.gateways import Gateways

MOST_BYTES: Final = 1024 * 1024
"""So much is read of a script; what it says of its job stands at its beginning."""
_USUAL: Final = {"cores": 1, "memory_bytes": 2**30, "walltime_seconds": 3600}


class Importer(msgspec.Struct, frozen=True, kw_only=True):
    """Reads scripts. Submits nothing."""

    gateways: Gateways
    root_dir: Path

    async def read(self, asked: ImportInput) -> ImportedSpec:
        """Return a job that runs a script, and what became of each line of it.

        Raises
        ------
        UnknownGateway
        NotValid
            The script cannot be read, or the batch system would not take it.
        """
        gateway = self.gateways.get(asked.gateway_id)
        path = resolve_path(asked.path, self.root_dir)
        text = await asyncio.to_thread(_read, path)
        try:
            reading = gateway.read_script(text, str(path.parent))
        except ValueError as error:
            raise _not_valid("not_supported", str(error)) from None
        description = await self.gateways.describe(asked.gateway_id)
        return _imported(asked.path, _passable(reading, description), description)


def _imported(path: str, reading: ScriptReading, gateway: Gateway) -> ImportedSpec:
    said: Mapping[str, Any] = reading.spec
    resources = said.get("resources", {})
    usual = {**_USUAL, "walltime_seconds": _usual_walltime(said, gateway)}
    task = {"kind": "script", "path": path}
    raw = {
        "name": Path(path).stem,
        **said,
        "task": task,
        "resources": {**usual, **resources},
    }
    return ImportedSpec(
        spec=msgspec.convert(raw, JobSpec),
        taken=list(reading.taken),
        passed_on=list(reading.passed_on),
        refused=list(reading.refused),
        assumed=[f"spec.resources.{name}" for name in usual if name not in resources],
    )


def _passable(reading: ScriptReading, gateway: Gateway) -> ScriptReading:
    """Leave out what this gateway cannot pass on, as far as it is known, and say so."""
    known = gateway.site.native
    lost = [line for line in reading.passed_on if gateway.site.as_of and line.option not in known]
    if not lost:
        return reading
    names = {line.option for line in lost}
    native = {name: value for name, value in reading.spec["native"].items() if name not in names}
    reason = f"{gateway.title} cannot be given this option from here."
    told = [msgspec.structs.replace(line, reason=reason) for line in lost]
    return ScriptReading(
        spec={**reading.spec, "native": native},
        taken=reading.taken,
        passed_on=[line for line in reading.passed_on if line.option not in names],
        refused=sorted([*reading.refused, *told], key=lambda line: line.line),
    )


def _usual_walltime(said: Mapping[str, Any], gateway: Gateway) -> int:
    """Return the time of a job that names none: that of its queue."""
    name = said.get("placement", {}).get("queue")
    queue = next(
        (one for one in gateway.queues if (one.default if name is None else one.name == name)), None
    )
    known = queue and (queue.default_walltime_seconds or queue.max_walltime_seconds)
    return known or _USUAL["walltime_seconds"]


def _read(path: Path) -> str:
    if "\0" in str(path):
        raise _not_valid("control_character", "A path holds no NUL character.")
    try:
        with open_regular(path, follow_links=True) as file:
            return (file.read(MOST_BYTES) or b"").decode(errors="replace")
    except NotRegular:
        raise _not_valid("not_a_file", "This is a folder or a device. Name a file.") from None
    except (FileNotFoundError, NotADirectoryError):
        raise _not_valid("not_found", "There is no such file.") from None
    except OSError as error:
        message = f"This file cannot be read: {error.strerror}."
        raise _not_valid("not_readable", message) from None


def _not_valid(code: IssueCode, message: str) -> NotValid:
    return NotValid(
        f"{message} Nothing was read.", field="path", detail=[issue("path", code, message)]
    )
