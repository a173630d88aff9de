"""A real Slurm, by slurmrestd and by its command-line tools."""

from __future__ import annotations

import json
import shlex
import shutil
from abc import abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from jupyterlab_batch.gateways.slurm import SlurmGateway
from tests.gateways.conformance.rig import Eavesdropped, Heard, Rig
from tests.gateways.rigs.proxy import RecordingProxy
from tests.slurm_cluster.cluster import SlurmCluster, missing

TOOLS = ("sbatch", "squeue", "sacct", "scancel", "sinfo", "sacctmgr", "scontrol")

_RECORDER = """#!/bin/sh
# Notes how it was called, then is the program of the same name.
folder=$(dirname "$0")
printf '%s\\0' "$@" >"$folder/{name}.argv"
cat /proc/$$/environ >"$folder/{name}.env"
echo "{name}" >>"$folder/calls"
[ "{name}" != sbatch ] || {{ tee "$folder/sbatch.stdin" | {program} "$@"; exit; }}
exec {program} "$@"
"""


class SlurmRig(Rig):
    """What both ways have in common."""

    shortest_walltime_seconds = 60
    walltime_deadline_seconds = 150.0  # slurmctld looks every 30 s
    ends_orphans = False  # linuxproc follows parents; cgroups, which would see all, need systemd
    own_variables = ("SLURM_", "SLURMD_", "SBATCH_", "TMPDIR")
    unknown_native_id = "999999"
    gateway_id = "slurm"

    @classmethod
    def missing(cls) -> str | None:
        return missing()

    fixture = "slurm"

    def start(self) -> None:
        self.cluster: SlurmCluster = self.request.getfixturevalue(self.fixture)

    def terms(self, native_id: str) -> tuple[int, int, str]:
        text = self.cluster.tool("scontrol", "show", "job", native_id)
        told = dict(line.strip().partition("=")[::2] for line in text.splitlines())
        minutes = self.cluster.tool("squeue", "-h", "-j", native_id, "-O", "TimeLimit")
        nice = self.cluster.tool("squeue", "-h", "-j", native_id, "-O", "Nice")
        hours, _, rest = minutes.strip().partition(":")
        seconds = int(hours) * 3600 + int(rest.partition(":")[0]) * 60
        return seconds, int(nice), told["Comment"]

    def make_gateway(self) -> SlurmGateway:
        return make_gateway(self.gateway_id, **self.traits())

    @abstractmethod
    def traits(self) -> dict[str, Any]:
        """Say which way."""


class RestRig(SlurmRig):
    """slurmrestd, with the JWT of the user in a file."""

    title = "Slurm by slurmrestd"
    gateway_id = "slurm-rest"

    def start(self) -> None:
        super().start()
        self._token_file = self.folder / "token"
        self._token_file.write_text(self.cluster.token())

    def traits(self) -> dict[str, Any]:
        return {"url": self.cluster.url, "token_file": str(self._token_file)}

    def outage(self) -> AbstractContextManager[None]:
        return self.cluster.without("slurmrestd")

    @contextmanager
    def eavesdrop(self) -> Iterator[Eavesdropped]:
        with RecordingProxy(self.cluster.url) as proxy:

            def heard() -> Heard:
                call = next(call for call in proxy.calls[::-1] if call.method == "POST")
                body = json.loads(call.body)
                text = json.dumps(body, indent=2, ensure_ascii=False)
                return Heard(
                    request=f"POST {proxy.url}{call.path}\nX-SLURM-USER-TOKEN: (hidden)\n\n{text}",
                    script=body["script"],
                )

            yield Eavesdropped(
                gateway=make_gateway("slurm-rest", **{**self.traits(), "url": proxy.url}),
                heard=heard,
            )


class ToolsRig(SlurmRig):
    """``sbatch`` and the like."""

    title = "Slurm by command-line tools"
    gateway_id = "slurm-tools"

    def traits(self) -> dict[str, Any]:
        return {"slurm_conf": self.cluster.conf}

    def outage(self) -> AbstractContextManager[None]:
        return self.cluster.without("slurmctld")

    @contextmanager
    def eavesdrop(self) -> Iterator[Eavesdropped]:
        recorders = Recorders(self.folder / "recorders")

        def heard() -> Heard:
            words = [f"{name}={value}" for name, value in recorders.environment("sbatch").items()]
            words = ["env", "-i", *words, "sbatch", *recorders.argv("sbatch")]
            return Heard(
                request=" \\\n  ".join(shlex.quote(word) for word in words),
                script=(recorders.folder / "sbatch.stdin").read_text(encoding="utf-8"),
            )

        yield Eavesdropped(
            gateway=make_gateway(
                self.gateway_id, **self.traits(), bin_directory=str(recorders.folder)
            ),
            heard=heard,
        )


class Stock(SlurmRig):
    """Nothing is set up for us: no slurmdbd, our tags overwritten."""

    fixture = "stock_slurm"
    shows_tags = False
    tells_memory_kills = False  # it is told by how much a job used, which only slurmdbd keeps


class StockRig(Stock, ToolsRig):
    """That, by command-line tools."""

    title = "stock Slurm without slurmdbd, by command-line tools"
    gateway_id = "slurm-stock"


class StockRestRig(Stock, RestRig):
    """That, by slurmrestd."""

    title = "stock Slurm without slurmdbd, by slurmrestd"
    gateway_id = "slurm-stock-rest"


class Recorders:
    """Programs of the names of Slurm's tools that note how they are called."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        for name in TOOLS:
            program = shutil.which(name)
            assert program is not None
            recorder = folder / name
            recorder.write_text(_RECORDER.format(name=name, program=program))
            recorder.chmod(0o755)

    def argv(self, name: str) -> list[str]:
        return (self.folder / f"{name}.argv").read_text(encoding="utf-8").split("\0")[:-1]

    def environment(self, name: str) -> dict[str, str]:
        """Return what a tool was given, in that order."""
        entries = (self.folder / f"{name}.env").read_text(encoding="utf-8").split("\0")[:-1]
        return dict(entry.split("=", 1) for entry in entries)

    def calls(self) -> list[str]:
        return (self.folder / "calls").read_text().split()


def make_gateway(gateway_id: str, **traits: Any) -> SlurmGateway:
    """Make a gateway that looks more often than one in use."""
    settings = {
        "moving_interval_seconds": 0.5,
        "looking_interval_seconds": 0.5,
        "calls_per_minute": 600,
        **traits,
    }
    return SlurmGateway(gateway_id=gateway_id, **settings)
