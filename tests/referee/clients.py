"""The ways to submit: HTTP, alone or with others, the Python client, ``%batch`` in IPython.

Python client and magic run as programs of their own, as text given to an interpreter.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, ClassVar

from tests.referee.api import NoAnswer
from tests.referee.cases import Case
from tests.referee.phases import FINAL
from tests.referee.processes import MARK
from tests.referee.site import Site

_DEFINITE = {400, 403, 410, 422}
_REFUSALS = (
    "not_valid",
    "key_missing",
    "key_reused",
    "job_forgotten",
    "cluster_forgotten",
    "warnings",
)
_PAUSE_SECONDS = 0.3
_PYTHON = """\
import json, sys
from jupyterlab_batch.client import Batch, BatchError
asked = json.loads(sys.argv[1])
try:
    job = Batch().submit(**asked)
except BatchError as error:
    sys.exit(f"{error.code}: {error.message}")
print(json.dumps([job.id, job.row.native_id]))
"""
_MAGIC = """\
import json, sys
from IPython.core.interactiveshell import InteractiveShell
from jupyterlab_batch.client import BatchError
shell = InteractiveShell.instance()
shell.run_line_magic("load_ext", "jupyterlab_batch")
try:
    job = shell.run_line_magic("batch", sys.argv[1])
except BatchError as error:
    sys.exit(f"{error.code}: {error.message}")
print(json.dumps([job.id, job.row.native_id]))
"""


@dataclass(frozen=True)
class Client:
    """One who submits a case, and may try again.

    Parameters
    ----------
    over
        Set when the round is so late that nobody tries again.
    """

    site: Site
    case: Case
    over: threading.Event
    company: tuple[Case, ...] = ()
    """All that go in one request with this one, this one among them, if many do."""
    SUBMIT: ClassVar[str] = "jobs?anyway=true"
    SHOW: ClassVar[str] = "jobs/{}"
    CANCEL: ClassVar[str] = "jobs/{}/cancel"

    def run(self) -> None:
        time.sleep(self.case.after_seconds)  # a part of the plan of the round, not a wait
        while not self._try() and self.case.insists and not self.over.wait(_PAUSE_SECONDS):
            pass
        if self.case.kind == "cancelled":
            self._await_moment()
            self._cancel()

    def _try(self) -> bool:
        """Submit once; tell whether the outcome is known."""
        self.case.waiting.add(id(self))
        try:
            if self.case.surface == "many":
                return self._with_others()
            return self._by_http() if self.case.surface == "http" else self._by_program()
        finally:
            self.case.waiting.discard(id(self))

    def _by_http(self) -> bool:
        case = self.case
        try:
            answer = self.site.jupyter.api.call(
                "POST",
                self.SUBMIT,
                case.submission(self.site.ledger),
                key=case.key,
                seconds=self._patience_seconds(),
                sent=case.sent.set,
            )
        except NoAnswer as error:
            case.told.append(f"no answer: {error}")
            return False
        if answer.status in {200, 201}:
            case.acknowledge(answer.body["id"], answer.body["native_id"], str(answer.status))
            return True
        case.told.append(f"{answer.status}: {answer.body}")
        if answer.status in _DEFINITE:
            case.refused.append(case.told[-1])
            # What has no room for a job now may have it later, unless it can never have.
            return case.odd.is_impossible or str(answer.body["code"]) != "gateway_refused"
        return False

    def _with_others(self) -> bool:
        """Send the whole company once, as a client does that lost the answer to one of them."""
        asked = [
            {"key": case.key, "submission": case.submission(self.site.ledger)}
            for case in self.company
        ]
        try:
            answer = self.site.jupyter.api.call(
                "POST",
                "jobs/submissions?anyway=true",
                {"submissions": asked},
                seconds=self._patience_seconds(),
                sent=self._all_sent,
            )
        except NoAnswer as error:
            self.case.told.append(f"no answer: {error}")
            return False
        if answer.status != 200:
            self.case.told.append(f"{answer.status}: {answer.body}")
            return False
        results = {result["key"]: result for result in answer.body["results"]}
        known = {case.key: self._take(case, results[case.key]) for case in self.company}
        return known[self.case.key]

    def _all_sent(self) -> None:
        for case in self.company:
            case.sent.set()

    def _take(self, case: Case, result: dict[str, Any]) -> bool:
        """Note what one of the company was told; tell whether its outcome is known."""
        row, problem = result["row"], result["problem"]
        if row is not None:
            case.acknowledge(row["id"], row["native_id"], "many")
            return True
        case.told.append(f"many: {problem}")
        if problem["code"] in _REFUSALS:
            case.refused.append(case.told[-1])
            return True
        return False

    def _patience_seconds(self) -> float:
        """Return how long it waits for an answer now."""
        return 15

    def _by_program(self) -> bool:
        case, jupyter = self.case, self.site.jupyter
        if jupyter.pid is None:
            return False
        where = {"JUPYTERLAB_BATCH_SERVER_FILE": str(jupyter.client_file)}
        case.sent.set()
        try:
            done = subprocess.run(
                [sys.executable, "-c", *self._program()],
                cwd=jupyter.work,
                env={**jupyter.environment, **where},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
                timeout=60,
            )
        except subprocess.TimeoutExpired:
            case.told.append("no answer: the program did not end")
            return False
        if done.returncode != 0:
            lines = done.stderr.strip().splitlines() or ["nothing was said"]
            case.told.append(f"{case.surface}: {lines[-1]}")
            if lines[-1].startswith(_REFUSALS):
                case.refused.append(case.told[-1])
                return True
            return False
        job_id, native_id = json.loads(done.stdout.strip().splitlines()[-1])
        case.acknowledge(job_id, native_id, case.surface)
        return True

    def _program(self) -> list[str]:
        case = self.case
        argv = case.argv(self.site.ledger)
        if case.surface == "magic":
            text = f"submit --gateway {case.gateway_id} --name {case.name} --key {case.key}"
            text += f" --mem 64MB --time 5m --anyway -e {MARK}={case.key} -- "
            return [_MAGIC, text + " ".join(map(_quoted, argv))]
        asked = {
            "command": argv,
            "gateway": case.gateway_id,
            "name": case.name,
            "key": case.key,
            "memory": "64MB",
            "time": "5m",
            "variables": {MARK: case.key},
            "anyway": True,
        }
        return [_PYTHON, json.dumps(asked)]

    def _await_moment(self) -> None:
        """Wait until it is time to cancel: an array only when some of it runs."""
        case = self.case
        while case.odd.tasks and not case.odd.is_impossible:
            if self.site.ledger.starts_of(case.key) or self.over.wait(_PAUSE_SECONDS):
                return

    def _cancel(self) -> None:
        """Cancel what was submitted, and once more if it goes on: a slurmctld may forget it."""
        case, api = self.case, self.site.jupyter.api
        if not case.acknowledged:
            return
        # Even an order whose answer is lost may have been obeyed.
        case.cancel_asked = True
        pause = _PAUSE_SECONDS
        while True:
            try:
                answer = api.call("POST", self.CANCEL.format(case.acknowledged[0][0]))
            except NoAnswer:
                pass
            else:
                outcome = answer.body.get("outcome")
                case.told.append(f"cancel: {answer.status} {outcome}")
                if outcome == "already_final":
                    return
                pause = 3 if outcome == "ok" else _PAUSE_SECONDS
            if self._is_cancelled(pause):
                return

    def _is_cancelled(self, seconds: float) -> bool:
        """Look for some time whether the job is over, or the round."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with suppress(NoAnswer):
                shown = self.SHOW.format(self.case.acknowledged[0][0])
                answer = self.site.jupyter.api.call("GET", shown)
                if answer.status == 200 and answer.body["phase"] in FINAL:
                    return True
            if self.over.wait(_PAUSE_SECONDS):
                return True
        return False


def _quoted(word: str) -> str:
    return "'" + word.replace("'", "'\\''") + "'"
