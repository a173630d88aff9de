"""What a site can set of a Slurm, and what follows from it."""

from __future__ import annotations

import getpass
from collections.abc import Mapping
from pathlib import Path

from traitlets import Dict, Enum, Float, Int, List, TraitError, Unicode, default, validate

from jupyterlab_batch.gateways.slurm.charging import ChargingGateway
from jupyterlab_batch.gateways.slurm.cli import CommandLine
from jupyterlab_batch.gateways.slurm.credential import Credential
from jupyterlab_batch.gateways.slurm.http import RestClient
from jupyterlab_batch.gateways.slurm.rest import RestApi
from jupyterlab_batch.gateways.slurm.tools import Tools
from jupyterlab_batch.gateways.slurm.transport import Transport


class SlurmOptions(ChargingGateway):
    """The options of a Slurm gateway."""

    url = Unicode(help="Of slurmrestd, such as http://slurm.example.org:6820.").tag(config=True)
    token_file = Unicode(help="Holds your JSON web token; read afresh for each call.").tag(
        config=True
    )
    token_command = Unicode(
        help="Prints your JSON web token, such as 'scontrol token'. Without a file and a command, "
        "SLURM_JWT is used."
    ).tag(config=True)
    user_name = Unicode(help="Whose token it is, where it does not say so itself.").tag(config=True)
    privileged_users = List(
        Unicode(),
        ["root", "slurm"],
        help="Users who may act as anybody: their tokens are refused unless the server is root's.",
    ).tag(config=True)
    api_version = Unicode("auto", help="Of slurmrestd, such as v0.0.40.").tag(config=True)
    transport = Enum(("auto", "rest", "cli"), "auto", help="auto: rest if there is a url.").tag(
        config=True
    )
    bin_directory = Unicode(help="Of sbatch and the like, if not on the PATH.").tag(config=True)
    slurm_conf = Unicode(help="For SLURM_CONF, if not set in the server's environment.").tag(
        config=True
    )
    path_map = Dict(
        value_trait=Unicode(),
        key_trait=Unicode(),
        help="Where the nodes see a folder under another path than the Jupyter server: that of the "
        "server, then that of the nodes.",
    ).tag(config=True)
    min_job_age_seconds = Float(
        0.0, help="Slurm's MinJobAge, which slurmrestd does not tell; 0: not known."
    ).tag(config=True)
    max_array_size = Int(
        0,
        min=0,
        help="MaxArraySize of slurm.conf, where Slurm does not tell it: slurmrestd does not. "
        "0: larger arrays are refused by Slurm alone.",
    ).tag(config=True)
    deadline_seconds = Float(10.0, help="For one call to Slurm.").tag(config=True)
    submit_deadline_seconds = Float(
        30.0,
        help="For the answer to a submission; one that comes later was lost, and is looked up.",
    ).tag(config=True)

    @validate("path_map")
    def _absolute_paths(self, proposal: Mapping[str, dict[str, str]]) -> dict[str, str]:
        if not all(path.startswith("/") for pair in proposal["value"].items() for path in pair):
            raise TraitError("path_map has a path that is not absolute")
        return proposal["value"]

    def node_path(self, path: Path) -> Path:
        """Return the path under which the nodes see what the server sees under this one."""
        here = [Path(prefix) for prefix in self.path_map if path.is_relative_to(prefix)]
        if not here:
            return path
        longest = max(here, key=lambda prefix: len(prefix.parts))
        there = next(there for prefix, there in self.path_map.items() if Path(prefix) == longest)
        return Path(there) / path.relative_to(longest)

    @default("title")
    def _default_title(self) -> str:
        return "Slurm" if self.gateway_id in {"", self.kind} else self.gateway_id

    def make_transport(self) -> Transport:
        """Return the way to Slurm that is configured."""
        if self.transport == "cli" or (self.transport == "auto" and not self.url):
            tools = Tools(
                bin_directory=self.bin_directory,
                slurm_conf=self.slurm_conf,
                deadline_seconds=self.deadline_seconds,
            )
            return CommandLine(tools, submit_deadline_seconds=self.submit_deadline_seconds)
        privileged = frozenset(self.privileged_users) - {getpass.getuser()}
        credential = Credential(
            token_file=self.token_file,
            token_command=self.token_command,
            privileged_users=privileged,
        )
        client = RestClient(
            url=self.url,
            credential=credential,
            user_name=self.user_name,
            api_version=self.api_version,
            deadline_seconds=self.deadline_seconds,
        )
        return RestApi(client, submit_deadline_seconds=self.submit_deadline_seconds)
