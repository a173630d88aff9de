"""Two Jupyter servers of one user, on one store and one engine: real processes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from jupyterlab_batch.client import Batch, BatchError
from jupyterlab_batch.client.job import BatchJob
from tests.client.real import RealServer, wait_for

SEEN_SECONDS = 20.0  # without a hint it would be half a minute
Servers = tuple[RealServer, RealServer]


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    first = RealServer(tmp_path_factory.mktemp("lab"), [{"kind": "local"}])
    second = first.beside()
    yield first, second
    second.close()
    first.close()


def submit_at_last(batch: Batch, argv: list[str], key: str) -> BatchJob:
    """Submit as a user does who presses the button again while it is in flight."""

    def once() -> BatchJob | None:
        try:
            return batch.submit(command=argv, time="5m", key=key)
        except BatchError as error:
            # What the client says when the other's try stays in flight for all of its own.
            assert error.code in {"key_in_flight", "answer_lost"}, error
            return None

    return wait_for(once, "job")


def seen_after(is_so: Callable[[], bool]) -> float:
    """Return after how many seconds something is so."""
    begin = time.monotonic()
    wait_for(is_so, "change", seconds=40)
    return time.monotonic() - begin


def test_the_same_key_at_one_moment_is_one_job(servers: Servers) -> None:
    ledger = servers[0].work / "ledger"
    batches = [server.batch for server in servers]
    with ThreadPoolExecutor(8) as pool:
        for number in range(10):
            key = f"key-of-both-{number:06}"
            argv = ["sh", "-c", f"echo {key} >> {ledger}"]
            asked = [pool.submit(submit_at_last, batch, argv, key) for batch in batches * 4]
            assert len({one.result().id for one in asked}) == 1
    for batch in batches:
        for job in batch.jobs():
            assert job.wait(timeout=60).phase == "COMPLETED"
    lines = ledger.read_text().split()
    assert sorted(lines) == [f"key-of-both-{number:06}" for number in range(10)]


def test_what_one_does_the_other_sees(servers: Servers) -> None:
    here, there = (server.batch for server in servers)
    job = here.submit(command=["sleep", "100"], time="5m")
    listed = seen_after(lambda: job.id in [one.id for one in there.jobs()])
    running = seen_after(lambda: there.job(job.id).phase == "EXECUTING")
    there.job(job.id).cancel()
    ended = seen_after(lambda: here.job(job.id).phase == "ABORTED")
    assert max(listed, running, ended) < SEEN_SECONDS


def test_one_that_is_killed_loses_nothing(servers: Servers) -> None:
    first, second = servers
    ledger = first.work / "after-the-kill"
    go = first.work / "go"
    wait = f"until [ -e {go} ]; do sleep 0.1; done; echo once >> {ledger}"
    jobs = [first.batch.submit(command=["sh", "-c", wait], time="5m") for _ in range(3)]
    before = {job.id for job in second.batch.jobs()}
    first.kill()
    go.touch()
    for job in jobs:
        assert second.batch.job(job.id).wait(timeout=60).phase == "COMPLETED"
    first.start()
    assert {job.id for job in first.batch.jobs()} == before
    assert {first.batch.job(job.id).phase for job in jobs} == {"COMPLETED"}
    assert ledger.read_text().split() == ["once"] * 3
