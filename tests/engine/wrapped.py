"""Wrappers by themselves: no supervisor, no scheduler, only a shell."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

from jupyterlab_batch.domain.arrays import Array
from jupyterlab_batch.domain.generated import CommandTask, JobSpec, ScriptTask
from jupyterlab_batch.engine.rundirectory import RunPlan, write_run
from jupyterlab_batch.engine.status import RunStatus, read_status
from tests.engine.harness import make_plan, make_spec

SHELLS = [name for name in ("dash", "bash", "ksh", "busybox") if shutil.which(name)]
AWKWARD = 'it\'s a "$(id)"\n `x` \\ %s {y} ünï'


class WrappedRun:
    """Run directories of one test, and the shell that runs their wrappers."""

    def __init__(self, root: Path, shell: str) -> None:
        self.root = root
        self.shell = [shell, "sh"] if shell == "busybox" else [shell]

    def write(self, spec: JobSpec, root: Path | None = None) -> RunPlan:
        plan = make_plan(spec, root or self.root)
        write_run(plan)
        return plan

    def command(self, *argv: str, **options: Any) -> RunPlan:
        return self.write(make_spec(CommandTask(argv=list(argv)), **options))

    def script(
        self, text: str, *, name: str = "job.sh", array: Array | None = None, **task: Any
    ) -> RunPlan:
        (self.root / name).write_bytes(text.encode())
        return self.write(make_spec(ScriptTask(path=name, **task), array=array))

    def start(
        self, plan: RunPlan, native_id: str = "7", **environment: str
    ) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*self.shell, str(plan.script_path)],
            env={"BATCH_NATIVE_ID": native_id, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, plan: RunPlan, native_id: str = "7", **environment: str) -> tuple[int, str, str]:
        child = self.start(plan, native_id, **environment)
        out, err = child.communicate(timeout=30)
        return child.returncode, out, err


def status_of(plan: RunPlan) -> RunStatus:
    status = read_status(plan.directory, plan.nonce)
    assert status is not None
    return status
