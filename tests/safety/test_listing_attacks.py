"""What a job, or a request, can do to be told what lies in another folder than its own."""

from __future__ import annotations

import secrets
import time
from pathlib import Path

import pytest

from tests.client.real import RealServer
from tests.fakes.submissions import submission
from tests.handlers.contract import conforms
from tests.safety.asking import ask, submit
from tests.safety.reading import OWN, PATHS_OUT, queries_of, secret_beside
from tests.safety.test_log_attacks import IN_ITS_PLACE, WAYS_OUT, swapping

RACE_SECONDS = 1.0
LONGEST_RACE_SECONDS = 60.0
"""Where nobody has met both yet."""
ELSEWHERE = "a-name-of-another-folder"


@pytest.fixture
def job(fake_server: RealServer) -> tuple[str, Path]:
    """The id of a job, and its run directory with a log in it."""
    told = submit(fake_server, submission(), secrets.token_hex(16)).json
    directory = Path(told["run_directory"])
    (directory / "stdout.log").write_bytes(OWN)
    return told["id"], directory


@pytest.mark.parametrize("path", [*PATHS_OUT, *WAYS_OUT], ids=lambda path: ascii(path)[:20])
def test_no_folder_leads_out(fake_server: RealServer, job: tuple[str, Path], path: str) -> None:
    secret = secret_beside(job[1])
    for query in queries_of(path):
        asked = query.replace("path=", "folder=", 1)
        answer = ask(fake_server, "GET", f"jobs/{job[0]}/files?{asked}")
        assert answer.status in {400, 404, 422}, (query, answer)
        conforms(answer.json, "Problem")
        assert b'"secret"' not in answer.body and str(secret).encode() not in answer.body


@pytest.mark.parametrize("what", IN_ITS_PLACE)
def test_what_a_link_leads_to_is_not_told(
    fake_server: RealServer, job: tuple[str, Path], what: str
) -> None:
    log, secret = job[1] / "stdout.log", secret_beside(job[1])
    log.unlink()
    IN_ITS_PLACE[what](log, secret)
    began = time.monotonic()
    listed = conforms(ask(fake_server, "GET", f"jobs/{job[0]}/files").json, "JobFiles")["files"]
    assert time.monotonic() - began < 5
    (shown,) = [one for one in listed if one["name"] == log.name]
    assert (shown["kind"], shown["size_bytes"]) == ("folder" if what == "folder" else "other", None)
    assert what == "folder" or shown["contents_path"] is None
    inside = ask(fake_server, "GET", f"jobs/{job[0]}/files?folder=stdout.log")
    assert inside.status == (200 if what == "folder" else 422)


def test_a_folder_that_is_a_link_is_not_listed(
    fake_server: RealServer, job: tuple[str, Path]
) -> None:
    job_id, directory = job
    elsewhere = fake_server.work / f"elsewhere-{job_id}"
    (elsewhere / "1").mkdir(parents=True)
    (elsewhere / "1" / ELSEWHERE).touch()
    (directory / "tasks").symlink_to(elsewhere)
    for folder in ("tasks", "tasks/1"):
        answer = ask(fake_server, "GET", f"jobs/{job_id}/files?folder={folder}")
        assert (answer.status, answer.json["code"]) == (422, "file_not_readable")
    directory.rename(elsewhere / "run")
    directory.symlink_to(elsewhere / "run")
    answer = ask(fake_server, "GET", f"jobs/{job_id}/files")
    assert (answer.status, answer.json["code"]) == (422, "file_not_readable")


def test_a_run_directory_that_is_swapped_while_it_is_listed(
    fake_server: RealServer, job: tuple[str, Path]
) -> None:
    job_id, directory = job
    elsewhere = fake_server.work / f"elsewhere-{job_id}"
    elsewhere.mkdir()
    (elsewhere / ELSEWHERE).touch()
    kept, link = directory.with_name("kept"), directory.with_name("link")
    steps = (
        lambda: link.symlink_to(elsewhere),
        lambda: directory.rename(kept),
        lambda: link.rename(directory),
        directory.unlink,
        lambda: kept.rename(directory),
    )
    seen: set[int] = set()
    with swapping(*steps):
        began = time.monotonic()
        while time.monotonic() - began < (
            RACE_SECONDS if 200 in seen and len(seen) > 1 else LONGEST_RACE_SECONDS
        ):
            answer = ask(fake_server, "GET", f"jobs/{job_id}/files")
            assert answer.status in {200, 404, 422}, answer
            assert ELSEWHERE.encode() not in answer.body
            seen.add(answer.status)
    # The race was one: both were met.
    assert 200 in seen and len(seen) > 1, seen
