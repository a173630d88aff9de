"""A real browser: submits by the form, tells the rows that a user sees, and can be killed.

It is driven by ``ui-tests/referee``, a program of its own; they leave each other files in a folder.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
import threading
from pathlib import Path
from typing import IO, Any, Literal

from tests.referee import processes
from tests.referee.cases import Case
from tests.referee.jupyter import TOKEN, Jupyter
from tests.referee.ledger import SCRIPT, Ledger
from tests.referee.processes import MARK, wait_for

_UI_TESTS = Path(__file__).parents[2] / "ui-tests"
_PLAYWRIGHT = _UI_TESTS.parent / "node_modules" / ".bin" / "playwright"
_MARK = "REFEREE_FOLDER"
_READY_SECONDS = 180.0
_ROWS_SECONDS = 400.0
_TELLS_EVERY_SECONDS = 0.02


def no_browser() -> str | None:
    """Say why there can be no browser here; ``None`` if there can."""
    if not any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))):
        return "there is no Chromium"
    return None if _PLAYWRIGHT.exists() else "Playwright is not installed"


class Browser:
    """One user in front of one page after the other, for one round.

    Parameters
    ----------
    cases
        Those that are submitted by the form.
    shows
        What the rows are of that it tells.
    chooses_gateway
        There is more than one.
    """

    def __init__(
        self,
        folder: Path,
        jupyter: Jupyter,
        cases: list[Case],
        ledger: Ledger,
        *,
        shows: Literal["jobs", "clusters"] = "jobs",
        chooses_gateway: bool = False,
    ) -> None:
        folder.mkdir()
        self.folder = folder
        self._shows = shows
        self._chooses_gateway = chooses_gateway
        self.rows: dict[str, str | None] = {}
        """What a screen reader reads for the row of a job, by its name."""
        self._jupyter = jupyter
        self._cases = {case.name: case for case in cases}
        self._script = ledger.folder / "job.sh"
        self._script.write_text(SCRIPT)
        self._ledger = ledger
        self._process: subprocess.Popen[bytes] | None = None
        self._events: set[str] = set()
        self._over = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._told: IO[str] = (folder / "told").open("w+")

    def open(self, *, is_first: bool = True) -> None:
        """Open the page and begin to submit."""
        asked = [self._order(case) for case in self._cases.values() if is_first or _is_open(case)]
        orders = {
            "url": f"http://127.0.0.1:{self._jupyter.api.port}/",
            "token": TOKEN,
            "isFirst": is_first,
            "shows": self._shows,
            "forms": asked,
        }
        (self.folder / "orders.json").write_text(json.dumps(orders))
        self._events.clear()
        with (self.folder / "browser.log").open("ab") as log:
            self._process = subprocess.Popen(
                [str(_PLAYWRIGHT), "test", "--config", "playwright.referee.config.ts"],
                cwd=_UI_TESTS,
                env={**os.environ, _MARK: str(self.folder), "TMPDIR": str(self.folder)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        if not self._reader.is_alive():
            self._reader.start()
        self._await("ready", _READY_SECONDS)

    @property
    def is_there(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def kill(self) -> bool:
        """Take tab and browser away as a crash does; tell whether they were there."""
        was_there = self.is_there
        processes.send(processes.with_variable(_MARK, str(self.folder)), signal.SIGKILL)
        if self._process is not None:
            self._process.wait(30)
        for case in self._cases.values():
            case.waiting.discard(id(self))
        return was_there

    def come_back(self) -> None:
        """Open the page again if it was taken away; return when all forms were sent or given up."""
        if not self.is_there:
            self.open(is_first=False)
        self._await("pressed", _ROWS_SECONDS)

    def read_rows(self, jobs: dict[str, str | None]) -> None:
        """Let it tell what stands in the panel, now that all is quiet.

        Parameters
        ----------
        jobs
            The name of each job of the round, with the word for its phase; ``None``: it has no row.
        """
        quiet = self.folder / "quiet.json"
        quiet.with_suffix(".new").write_text(json.dumps(jobs))
        quiet.with_suffix(".new").rename(quiet)
        self._await("done", _ROWS_SECONDS)

    def close(self) -> None:
        self.kill()
        self._over.set()
        if self._reader.is_alive():
            self._reader.join()
        self._told.close()

    def _await(self, event: str, seconds: float) -> None:
        wait_for(lambda: event in self._events or not self.is_there, f"{event} page", seconds)
        # Its last line may come after its end.
        wait_for(lambda: event in self._events, f"{event} page: {self._log()}", 1)

    def _log(self) -> str:
        return (self.folder / "browser.log").read_text()

    def _order(self, case: Case) -> dict[str, Any]:
        words = ["env", f"{MARK}={case.key}", "sh", str(self._script)]
        command = shlex.join([*words, *case.argv(self._ledger)[4:]])
        gateway = case.gateway_id if self._chooses_gateway else None
        return {
            "name": case.name,
            "command": command,
            "gateway": gateway,
            "insists": case.insists,
        }

    def _read(self) -> None:
        rest = ""
        while not self._over.wait(_TELLS_EVERY_SECONDS):
            rest += self._told.read()
            *lines, rest = rest.split("\n")
            for line in lines:
                self._take(json.loads(line))

    def _take(self, told: dict[str, Any]) -> None:
        event, case = told["event"], self._cases.get(told.get("name", ""))
        if event == "row":
            self.rows[told["name"]] = told["label"]
        elif case is None:
            self._events.add(event)
        elif event == "sent":
            case.waiting.add(id(self))
            case.sent.set()
        elif event == "submitted":
            case.says_submitted = True
            case.told.append("form: Submitted.")
        elif event == "gone":
            # What was typed in the last moment before a crash may be lost; then nobody insists.
            case.told.append("form: it is not there any more")
            case.insists = case.insists and bool(case.acknowledged)
        else:
            case.waiting.discard(id(self))
            _take_answer(case, told)


def _is_open(case: Case) -> bool:
    return not case.acknowledged and (case.insists or not case.told)


def _take_answer(case: Case, told: dict[str, Any]) -> None:
    if told["event"] == "unanswered":
        case.told.append(f"form, no answer: {told['why']}")
    elif told["status"] in {200, 201} and told["body"] is not None:
        case.acknowledge(told["body"]["id"], told["body"]["native_id"], f"form {told['status']}")
    else:
        case.told.append(f"form {told['status']}: {told['body']}")
        if told["status"] in {400, 403, 410, 422}:
            case.refused.append(case.told[-1])
