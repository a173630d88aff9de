"""One job: waited for, ended, forgotten, run again."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from jupyterlab_batch.client import Batch, BatchError, BatchJob
from tests.client import samples
from tests.client.scripted import Lost, Reply, ScriptedServer

DONE = samples.job(phase="COMPLETED", ended_at="2025-03-01T12:05:05Z")


@pytest.fixture
def job(scripted: ScriptedServer, batch: Batch) -> BatchJob:
    scripted.plan(Reply(samples.job()))
    return batch.job(samples.JOB_ID)


def test_wait_ends_when_the_job_is_over(scripted: ScriptedServer, job: BatchJob) -> None:
    scripted.plan(Reply(samples.job()), Lost(), Reply(b"<html>", 503), Reply(DONE))
    assert job.wait(poll=0).phase == "COMPLETED"
    assert job.is_final


def test_wait_does_not_hide_that_the_job_is_unknown(
    scripted: ScriptedServer, job: BatchJob
) -> None:
    scripted.plan(Reply(samples.problem("unknown_job", "No such job."), 404))
    with pytest.raises(BatchError, match="No such job"):
        job.wait(poll=0)


def test_wait_can_time_out(scripted: ScriptedServer, job: BatchJob) -> None:
    scripted.plan(Reply(samples.job()))
    with pytest.raises(TimeoutError, match="it goes on"):
        job.wait(timeout=0)


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Hear SIGINT, which a shell lets ignore what it starts in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_an_interrupt_leaves_the_job_running(scripted: ScriptedServer, job: BatchJob) -> None:
    scripted.plan(*[Reply(samples.job())] * 3)
    begun = threading.Event()
    refresh = job.refresh

    def refresh_and_tell(**options: Any) -> BatchJob:
        begun.set()
        return refresh(**options)

    job.refresh = refresh_and_tell  # type: ignore[method-assign]  # to know when to interrupt
    main = threading.main_thread()

    def interrupt() -> None:
        begun.wait()
        signal.pthread_kill(main.ident or 0, signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(KeyboardInterrupt, match="The job goes on") as caught:
        job.wait(poll=60)
    thread.join()
    assert not any("cancel" in call.path for call in scripted.calls)
    assert caught.value._render_traceback_() == [str(caught.value)]  # type: ignore[attr-defined]  # of WaitInterrupted


def test_cancel_takes_the_new_row(scripted: ScriptedServer, job: BatchJob) -> None:
    row = samples.row(phase="ABORTED", reason="cancelled_by_user")
    scripted.plan(Reply(samples.result(row)))
    assert job.cancel().reason == "cancelled_by_user"
    scripted.plan(Reply(samples.result(row, outcome="already_final")))
    assert job.cancel().phase == "ABORTED"


def test_a_refused_cancel_is_an_error(scripted: ScriptedServer, job: BatchJob) -> None:
    scripted.plan(Reply(samples.result(samples.row(), outcome="denied", message="Not yours.")))
    with pytest.raises(BatchError, match="Not yours"):
        job.cancel()


def test_outputs_are_asked_for_when_they_are_wanted(scripted: ScriptedServer, batch: Batch) -> None:
    scripted.plan(Reply(samples.job_list(samples.row())), Reply(samples.job()))
    (job,) = batch.jobs()
    assert [output.path for output in job.outputs] == ["/home/a/out.ipynb"]


def test_a_job_is_forgotten(scripted: ScriptedServer, job: BatchJob) -> None:
    scripted.plan(Reply(b"", 204))
    job.forget()
    call = scripted.calls[-1]
    assert (call.method, call.path) == ("DELETE", f"/lab/jupyterlab-batch/v1/jobs/{job.id}")


def test_a_job_that_is_not_over_is_not_forgotten(scripted: ScriptedServer, job: BatchJob) -> None:
    scripted.plan(Reply(samples.problem("not_final", "The job is not over yet."), 409))
    with pytest.raises(BatchError, match="not over yet") as caught:
        job.forget()
    assert caught.value.code == "not_final"


def test_a_job_is_run_again_with_what_is_to_be_different(
    scripted: ScriptedServer, job: BatchJob
) -> None:
    other = "01jd3x5n8k6v2qwzr4tsm9yaaa"
    scripted.plan(Lost(), Reply(samples.job(id=other, resubmitted_from=job.id), 201))
    again = job.resubmit(name="b", memory="4GB", time="90m", queue="roma", anyway=True)
    lost, call = scripted.calls[-2:]
    path = f"/lab/jupyterlab-batch/v1/jobs/{job.id}/resubmit?anyway=true"
    assert (call.method, call.path) == ("POST", path)
    assert call.headers["Idempotency-Key"] == lost.headers["Idempotency-Key"]
    resources = {"memory_bytes": 4 * 1024**3, "walltime_seconds": 5400}
    patch = {"name": "b", "resources": resources, "placement": {"queue": "roma"}}
    assert call.body == {"patch": patch}
    assert (again.id, job.id) == (other, samples.JOB_ID)


def test_a_job_is_run_again_just_as_it_was(scripted: ScriptedServer, job: BatchJob) -> None:
    scripted.plan(Reply(samples.job(), 201))
    job.resubmit(key="key-0123456789abcdef")
    assert scripted.calls[-1].body == {"patch": {}}
    assert scripted.calls[-1].headers["Idempotency-Key"] == "key-0123456789abcdef"
    with pytest.raises(BatchError, match="memory"):
        job.resubmit(memory="lots")


def test_a_job_that_nobody_can_find_is_given_up(scripted: ScriptedServer, job: BatchJob) -> None:
    row = samples.row(phase="ERROR", reason="lost")
    scripted.plan(Reply(samples.result(row, message="It ends without running.")))
    assert job.declare_lost().reason == "lost"
    assert scripted.calls[-1].path.endswith(f"/jobs/{job.id}/declare-lost")
    scripted.plan(Reply(samples.result(row, outcome="denied", message="It has started.")))
    with pytest.raises(BatchError, match="It has started"):
        job.declare_lost()
