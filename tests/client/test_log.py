"""The end of a log as text."""

from __future__ import annotations

import pytest

from jupyterlab_batch.client import Batch
from jupyterlab_batch.client.job import BatchJob
from jupyterlab_batch.client.log import JobLog
from tests.client import samples
from tests.client.scripted import Reply, ScriptedServer


def chunk(content: bytes, offset: int = 0, size: int | None = None) -> Reply:
    whole = offset + len(content) if size is None else size
    headers = {"Batch-Log-Offset": str(offset), "Batch-Log-Size": str(whole)}
    return Reply(content, headers=headers)


@pytest.fixture
def job(scripted: ScriptedServer, batch: Batch) -> BatchJob:
    scripted.plan(Reply(samples.job()))
    return batch.job(samples.JOB_ID)


def test_a_short_log_is_whole(scripted: ScriptedServer, job: BatchJob) -> None:
    scripted.plan(chunk("eins\nzwölf\n".encode()))
    log = job.log("stderr")
    assert (log, log.skipped_bytes, log.size_bytes) == ("eins\nzwölf\n", 0, 12)
    assert repr(log) == "eins\nzwölf\n"
    path = scripted.calls[-1].path
    assert path.endswith("log?stream=stderr&offset=-1048576&limit=1048576")


def test_an_empty_log_says_so(scripted: ScriptedServer, job: BatchJob) -> None:
    scripted.plan(chunk(b""))
    assert job.log() == ""
    scripted.plan(chunk(b""))
    assert repr(job.log()) == "The log is empty so far."


def test_a_cut_first_line_is_left_out(scripted: ScriptedServer, job: BatchJob) -> None:
    scripted.plan(chunk(b"\xbclf\nlast\n", offset=5000))
    log = job.log()
    assert (log, log.skipped_bytes) == ("last\n", 5004)
    assert repr(log).startswith("[the first 4.9 KB are left out]\n")


@pytest.mark.parametrize(
    ("content", "tail", "expected"),
    [
        (b"a\nb\nc\n", 2, "b\nc\n"),
        (b"a\nb\nc", 2, "b\nc"),
        (b"a\nb\nc\n", 3, "a\nb\nc\n"),
        (b"a\nb\nc\n", 9, "a\nb\nc\n"),
        (b"a\nb\n", 0, ""),
        (b"a\n 1%\r 2%\r 3%\n", 1, " 1%\r 2%\r 3%\n"),
        (b"\n\n\n", 2, "\n\n"),
        (b"", 5, ""),
    ],
)
def test_tail_counts_lines(
    scripted: ScriptedServer, job: BatchJob, content: bytes, tail: int, expected: str
) -> None:
    scripted.plan(chunk(content))
    log = job.log(tail=tail)
    assert log == expected
    assert log.skipped_bytes == len(content) - len(expected)


def test_tail_reads_more_only_if_the_end_has_too_few_lines(
    scripted: ScriptedServer, job: BatchJob
) -> None:
    scripted.plan(chunk(b"x\n" * 20, offset=9000))
    assert job.log(tail=10).count("\n") == 10
    assert len(scripted.calls) == 2
    scripted.plan(chunk(b"x\n" * 5, offset=9000), chunk(b"y\n" * 50, offset=100))
    assert job.log(tail=10) == "y\n" * 10
    assert "offset=-1048576" in scripted.calls[-1].path


def test_bytes_that_are_no_text_are_shown_as_such(scripted: ScriptedServer, job: BatchJob) -> None:
    scripted.plan(chunk(b"\xff\x00ok"))
    log = job.log()
    assert isinstance(log, JobLog)
    assert log == "�\x00ok"
