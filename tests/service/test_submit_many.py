"""Many submissions in one request, each answered for itself, by the road of one."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from jupyterlab_batch.domain.generated import SubmissionResult
from jupyterlab_batch.domain.problems import (
    AnswerLost,
    GatewayRefused,
    GatewayUnreachable,
    KeyMissing,
)
from jupyterlab_batch.engine import rundirectory
from jupyterlab_batch.gateways.observation import Observation
from jupyterlab_batch.service.batch import BatchService
from jupyterlab_batch.service.company import SENT_AT_ONCE
from jupyterlab_batch.service.submitmany import AT_ONCE, BEGIN_SECONDS
from tests.fakes.gateway import FakeGateway
from tests.fakes.submissions import submission
from tests.service.conftest import Make
from tests.service.waiting import all_jobs, becomes, eventually, run_directories, send


def keyed(*raws: dict[str, Any], first: int = 0) -> dict[str, dict[str, Any]]:
    return {f"key-of-job-number-{first + n:04}": raw for n, raw in enumerate(raws)}


def of_name(number: int) -> dict[str, Any]:
    return submission(name=f"Job {number}")


async def submit(
    service: BatchService, asked: dict[str, dict[str, Any]], *, anyway: bool = False
) -> list[SubmissionResult]:
    results = await service.many_submitter.submit(asked, anyway=anyway)
    assert [result.key for result in results] == list(asked)
    assert all((result.row is None) != (result.problem is None) for result in results)
    return results


def codes(results: list[SubmissionResult]) -> list[str | None]:
    return [None if result.problem is None else result.problem.code for result in results]


async def test_each_is_a_job_of_its_own(service: BatchService, gateway: FakeGateway) -> None:
    count = 3 * AT_ONCE
    results = await submit(service, keyed(*map(of_name, range(count))))
    assert codes(results) == [None] * count
    rows = [result.row for result in results if result.row is not None]
    assert [row.name for row in rows] == [f"Job {n}" for n in range(count)]
    assert {row.phase for row in rows} == {"QUEUED"}
    assert len({row.native_id for row in rows}) == len(gateway.launches) == count


async def test_what_is_wrong_with_one_is_the_matter_of_that_one(
    service: BatchService, gateway: FakeGateway, root: Path
) -> None:
    known = await send(service, of_name(0), key="key-of-job-number-0000")
    await send(service, of_name(1), key="key-of-job-number-0001")
    asked = keyed(
        of_name(0),
        submission(name="Another form under a key that was used"),
        {},
        submission(task={"kind": "script", "path": "nowhere.sh"}),
        {**of_name(4), "gateway_id": "nowhere"},
        submission(task={"kind": "command", "argv": ["true"], "colour": "red"}),
        of_name(6),
    )
    results = await submit(service, asked)
    wrong = ["not_valid"] * 4
    assert codes(results) == [None, "key_reused", *wrong, None]
    assert results[0].row is not None and results[0].row.id == known.id
    fields = [result.problem.field_ for result in results[2:6] if result.problem is not None]
    assert fields == ["gateway_id", "spec.task.path", "gateway_id", "spec.task.colour"]
    assert len(gateway.launches) == len(run_directories(root)) == 3


async def test_half_of_them_are_refused(
    service: BatchService, gateway: FakeGateway, root: Path
) -> None:
    gateway.submit_errors = [GatewayRefused("no"), GatewayUnreachable("down")] * 4
    results = await submit(service, keyed(*map(of_name, range(16))))
    assert sorted(map(str, codes(results))) == (
        ["None"] * 8 + ["gateway_refused"] * 4 + ["gateway_unreachable"] * 4
    )
    assert len(await all_jobs(service)) == len(run_directories(root)) == 8
    again = await submit(service, keyed(*map(of_name, range(16))))
    assert codes(again) == [None] * 16
    assert len(await all_jobs(service)) == 16 and len(gateway.launches) == 24


async def test_a_lost_answer_is_a_job_that_is_looked_up_and_never_sent_again(
    service: BatchService, gateway: FakeGateway
) -> None:
    service.look_up.pauses_seconds = (0.01,)
    gateway.submit_errors = [AnswerLost("gone"), KeyError("a mistake")]
    asked = keyed(*map(of_name, range(3)))
    rows = [result.row for result in await submit(service, asked) if result.row is not None]
    assert sorted(row.phase for row in rows) == ["QUEUED", "UNKNOWN", "UNKNOWN"]
    again = await submit(service, asked)
    assert [result.row.id for result in again if result.row] == [row.id for row in rows]
    assert len(gateway.launches) == 3
    gateway.look_up_answers = [
        Observation(native_id=native_id, phase="EXECUTING") for native_id in ("7", "8")
    ]
    for row in rows:
        await becomes(service, row.id, lambda now: now.native_id is not None)


async def test_none_is_sent_that_could_be_forgotten_and_few_are_at_once(
    service: BatchService, gateway: FakeGateway, root: Path
) -> None:
    gateway.may_submit.clear()
    asked = keyed(*map(of_name, range(2 * AT_ONCE)))
    submitting = asyncio.create_task(submit(service, asked))
    await eventually(lambda: len(gateway.launches) == SENT_AT_ONCE)
    known = await all_jobs(service)
    kept = {directory.name for directory in run_directories(root)}
    for launch in gateway.launches:
        assert known[launch.job_id].phase == "PENDING"
        assert launch.run_directory.name in kept
    assert len(known) <= AT_ONCE
    sent = dict(list(asked.items())[:SENT_AT_ONCE])
    assert set(codes(await submit(service, sent))) == {"key_in_flight"}
    gateway.may_submit.set()
    assert codes(await submitting) == [None] * len(asked)
    assert len(gateway.launches) == len(asked)


async def test_a_gateway_that_is_silent_delays_no_other(make: Make) -> None:
    silent, other = FakeGateway(gateway_id="silent"), FakeGateway(gateway_id="other")
    service = make(silent, other)
    await service.start()
    silent.may_submit.clear()
    raws = [{**of_name(n), "gateway_id": ("silent", "other")[n % 2]} for n in range(4 * AT_ONCE)]
    submitting = asyncio.create_task(submit(service, keyed(*raws)))
    await eventually(lambda: len(other.launches) == 2 * AT_ONCE)
    assert len(silent.launches) == SENT_AT_ONCE
    silent.may_submit.set()
    assert codes(await submitting) == [None] * len(raws)


async def test_what_is_not_begun_when_nobody_waits_any_more_is_left(
    make: Make, gateway: FakeGateway
) -> None:
    service, now = make(), [0.0]
    await service.start()
    many = replace(service.many_submitter, clock=lambda: now[0])
    gateway.may_submit.clear()
    asked = keyed(*map(of_name, range(2 * AT_ONCE)))
    submitting = asyncio.create_task(many.submit(asked, anyway=False))
    await eventually(lambda: len(gateway.launches) == SENT_AT_ONCE)
    now[0] = BEGIN_SECONDS + 1
    gateway.may_submit.set()
    assert codes(await submitting) == [None] * AT_ONCE + ["gateway_unreachable"] * AT_ONCE
    assert len(await all_jobs(service)) == len(gateway.launches) == AT_ONCE
    late = replace(many, clock=iter([0.0, *[BEGIN_SECONDS + 1] * 200]).__next__)
    assert codes(await late.submit(asked, anyway=False))[:AT_ONCE] == [None] * AT_ONCE
    assert codes(await submit(service, asked)) == [None] * 2 * AT_ONCE


async def test_a_run_directory_that_cannot_be_written_stops_no_other(
    service: BatchService, gateway: FakeGateway, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_directory = rundirectory._make_directory

    def full_for_some(path: Path) -> None:
        if "-3-" in path.name or "-5-" in path.name:
            raise OSError(28, "No space left on device")
        make_directory(path)

    monkeypatch.setattr(rundirectory, "_make_directory", full_for_some)
    results = await submit(service, keyed(*map(of_name, range(8))))
    full = "store_unavailable"
    assert codes(results) == [None, None, None, full, None, full, None, None]
    assert len(await all_jobs(service)) == len(run_directories(root)) == 6
    monkeypatch.undo()
    again = await submit(service, keyed(*map(of_name, range(8))))
    assert codes(again) == [None] * 8 and len(gateway.launches) == 8


async def test_a_store_that_cannot_be_written_refuses_all_and_sends_none(
    service: BatchService, gateway: FakeGateway, root: Path
) -> None:
    await service.store.store_id()
    folder = service.store.path.parent
    away = folder.with_name("away")
    folder.rename(away)
    folder.write_text("a file where the folder of the store was")
    results = await submit(service, keyed(*map(of_name, range(AT_ONCE + 1))))
    assert set(codes(results)) == {"store_unavailable"}
    assert gateway.launches == [] and run_directories(root) == []
    folder.unlink()
    shutil.move(away, folder)
    again = await submit(service, keyed(*map(of_name, range(AT_ONCE + 1))))
    assert codes(again) == [None] * (AT_ONCE + 1)


async def test_a_server_that_dies_in_the_middle_loses_none_and_sends_none_twice(
    make: Make, gateway: FakeGateway
) -> None:
    first = make()
    await first.start()
    gateway.may_submit.clear()
    asked = keyed(*map(of_name, range(2 * AT_ONCE)))
    submitting = asyncio.create_task(submit(first, asked))
    await eventually(lambda: len(gateway.launches) == SENT_AT_ONCE)
    await first.stop()
    with pytest.raises(asyncio.CancelledError):
        await submitting
    begun = {launch.job_id for launch in gateway.launches}
    gateway.may_submit.set()
    second = make()
    await second.start()
    results = await submit(second, asked)
    assert codes(results) == [None] * len(asked)
    jobs = {result.row.id for result in results if result.row is not None}
    assert begun <= jobs == set(await all_jobs(second)) and len(jobs) == len(asked)
    tags = [launch.tag for launch in gateway.launches]
    assert len(tags) == len(set(tags))


async def test_a_key_that_can_be_none_stops_all(service: BatchService) -> None:
    with pytest.raises(KeyMissing):
        await submit(service, {**keyed(of_name(0)), "short": of_name(1)})
    assert await all_jobs(service) == {}
