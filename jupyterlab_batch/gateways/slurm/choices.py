"""What only some jobs ask for, as ``sbatch`` and slurmrestd want it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import msgspec

from jupyterlab_batch.domain.asked import (
    gpus_of,
    nodes_of,
    placement_of,
    processes_of,
    scratch_bytes_of,
)
from jupyterlab_batch.domain.generated import JobSpec

MEBIBYTE: Final = 1024 * 1024


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """How a job is spread over nodes, which of them, when, and on what terms."""

    processes: int
    nodes: int | None
    scratch_mebibytes: int
    qos: str | None
    reservation: str | None
    constraint: str | None
    begin_at: datetime | None
    gpus: int
    """On each node."""

    @property
    def begin(self) -> str | None:
        """When it may begin. A date that Slurm reads is one of its own time zone; this is none."""
        return None if self.begin_at is None else f"uts{int(self.begin_at.timestamp())}"

    def options(self) -> list[str]:
        """Return the options of ``sbatch``; the number of processes is always given, not here."""
        options = {
            "--nodes": self.nodes,
            "--tmp": f"{self.scratch_mebibytes}M" if self.scratch_mebibytes else None,
            "--qos": self.qos,
            "--reservation": self.reservation,
            "--constraint": self.constraint,
            "--begin": self.begin,
            "--gres": f"gpu:{self.gpus}" if self.gpus else None,
        }
        return [f"{name}={value}" for name, value in options.items() if value is not None]

    def json(self, version: int) -> dict[str, Any]:
        """Return the fields for slurmrestd.

        Parameters
        ----------
        version
            38 for v0.0.38: it passes over the list of two numbers of nodes that it asks for (22.05)
            and takes one, wants times as text, and knows no space on a disk.
        """
        fields: dict[str, Any] = {
            "qos": self.qos,
            "reservation": self.reservation,
            "constraints": self.constraint,
        }
        if version <= 38:
            fields["nodes"] = self.nodes
            fields["begin_time"] = self.begin
            fields["gres"] = f"gpu:{self.gpus}" if self.gpus else None
        else:
            begin = None if self.begin_at is None else int(self.begin_at.timestamp())
            fields["minimum_nodes"] = fields["maximum_nodes"] = self.nodes
            fields["temporary_disk_per_node"] = self.scratch_mebibytes or None
            fields["begin_time"] = begin
            fields["tres_per_node"] = f"gres/gpu:{self.gpus}" if self.gpus else None
        return {name: value for name, value in fields.items() if value is not None}


def choices_of(spec: JobSpec) -> Choices:
    """Return what a job asks for."""
    place, resources = placement_of(spec), spec.resources
    return Choices(
        processes=processes_of(resources),
        nodes=nodes_of(resources),
        scratch_mebibytes=-(-scratch_bytes_of(resources) // MEBIBYTE),
        qos=place.qos or None,
        reservation=place.reservation or None,
        constraint="&".join(place.features or []) or None,
        begin_at=place.begin_at or None,
        gpus=gpus_of(resources),
    )
