"""The ways in which a user starts a Dask cluster: HTTP, the Python client, ``%batch cluster``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import ClassVar

from tests.referee.clients import Client
from tests.referee.clustercases import WORKER_MB, ClusterCase

_HANGS_UP_SECONDS = 0.02
PYTHON = """\
import json, sys
from jupyterlab_batch.client import Batch, BatchError
asked = json.loads(sys.argv[1])
try:
    cluster = Batch().start_cluster(**asked)
except BatchError as error:
    sys.exit(f"{error.code}: {error.message}")
print(json.dumps([cluster.id, cluster.row.native_id]))
"""
MAGIC = """\
import json, sys
from IPython.core.interactiveshell import InteractiveShell
from jupyterlab_batch.client import BatchError
shell = InteractiveShell.instance()
shell.run_line_magic("load_ext", "jupyterlab_batch")
try:
    cluster = shell.run_line_magic("batch", sys.argv[1])
except BatchError as error:
    sys.exit(f"{error.code}: {error.message}")
print(json.dumps([cluster.id, cluster.row.native_id]))
"""


@dataclass(frozen=True)
class ClusterClient(Client):
    """One who starts a cluster, and may try again."""

    case: ClusterCase
    SUBMIT: ClassVar[str] = "clusters"
    SHOW: ClassVar[str] = "clusters/{}"
    CANCEL: ClassVar[str] = "clusters/{}/stop"

    def _patience_seconds(self) -> float:
        is_first = not any(text.startswith("no answer") for text in self.case.told)
        if self.case.loses_answer and is_first:
            return _HANGS_UP_SECONDS
        return super()._patience_seconds()

    def _await_moment(self) -> None:
        self.over.wait(self.case.stops_after_seconds)

    def _program(self) -> list[str]:
        case = self.case
        python = case.python(self.site.ledger)
        if case.surface == "magic":
            text = f"cluster start --gateway {case.gateway_id} --name {case.name} --key {case.key}"
            text += f" -n 1 -c 1 --mem {WORKER_MB}MB --python {python}"
            return [MAGIC, f"{text} --idle-stop {case.idle_stop_seconds}s"]
        asked = {
            "workers": 1,
            "gateway": case.gateway_id,
            "name": case.name,
            "key": case.key,
            "cores": 1,
            "memory": f"{WORKER_MB}MB",
            "python": python,
            "idle_stop": case.idle_stop_seconds,
        }
        return [PYTHON, json.dumps(asked)]
