"""Nothing is submitted twice and nothing is lost, one key at a time."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_batch.domain.decoding import issue
from jupyterlab_batch.domain.generated import Issue, JobSpec
from jupyterlab_batch.domain.problems import (
    BatchProblem,
    GatewayRefused,
    GatewayUnreachable,
    HasWarnings,
    KeyInFlight,
    KeyMissing,
    KeyReused,
    NotSignedIn,
    NotValid,
    StoreUnavailable,
)
from jupyterlab_batch.gateways.observation import Observation
from jupyterlab_batch.service.batch import BatchService
from jupyterlab_batch.store.finding import JobFilter, Order
from tests.fakes.gateway import FakeGateway
from tests.fakes.submissions import submission
from tests.service.conftest import KEY, Make
from tests.service.waiting import becomes, eventually, run_directories, sees, send


async def jobs_of(service: BatchService) -> int:
    return (await service.store.window(JobFilter(), Order(), limit=1)).total


async def test_intent_and_run_directory_are_there_before_anything_is_sent(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any], root: Path
) -> None:
    gateway.may_submit.clear()
    sending = asyncio.create_task(send(service, asked))
    await gateway.submitting.wait()
    intent = await service.store.intent(KEY)
    assert intent is not None and intent.record is not None
    assert intent.record.phase == "PENDING"
    (directory,) = run_directories(root)
    assert json.loads((directory / "job.json").read_text())["key"] == KEY
    assert json.loads((directory / "spec.json").read_text()) == asked
    assert gateway.launches[0].script_text == (directory / "run.sh").read_text()
    gateway.may_submit.set()
    record = await sending
    assert (record.phase, record.native_id) == ("QUEUED", "101")
    assert record.tag == gateway.launches[0].tag == f"jlb:{record.id}"


async def test_a_new_job_waits_for_two_commits_and_for_nothing_else_of_the_store(
    service: BatchService, asked: dict[str, Any], statements: list[str]
) -> None:
    statements.clear()
    await send(service, asked)
    assert statements.count("BEGIN IMMEDIATE") == 2
    assert not any(one.startswith("SELECT digest") for one in statements)


async def test_the_same_key_and_body_later_is_the_same_job(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    first = await service.submitter.submit(asked, key=KEY, anyway=False)
    again = await service.submitter.submit(asked, key=KEY, anyway=False)
    assert first.is_new and not again.is_new
    assert again.record == first.record
    assert len(gateway.launches) == 1


async def test_the_same_key_with_another_body_is_refused(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    await send(service, asked)
    with pytest.raises(KeyReused, match="Nothing new was sent"):
        await send(service, submission(name="Other"))
    assert len(gateway.launches) == 1


async def test_many_at_once_make_one_job(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    found = await asyncio.gather(*(send(service, asked) for _ in range(20)), return_exceptions=True)
    problems = [result for result in found if isinstance(result, BaseException)]
    assert {type(problem) for problem in problems} == {KeyInFlight}
    assert len(problems) == 19 and len(gateway.launches) == 1
    assert await jobs_of(service) == 1


async def test_while_it_is_in_flight(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    gateway.may_submit.clear()
    sending = asyncio.create_task(send(service, asked))
    await gateway.submitting.wait()
    with pytest.raises(KeyInFlight) as caught:
        await send(service, asked)
    assert caught.value.retry_after_seconds
    with pytest.raises(KeyReused):
        await send(service, submission(name="Other"))
    gateway.may_submit.set()
    await sending
    assert len(gateway.launches) == 1


async def test_another_server_of_the_user_sends_nothing_twice(
    make: Any, service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    other = make(FakeGateway(gateway_id="fake", title="Fake"))
    gateway.may_submit.clear()
    sending = asyncio.create_task(send(service, asked))
    await gateway.submitting.wait()
    with pytest.raises(KeyInFlight):
        await send(other, asked)
    gateway.may_submit.set()
    first = await sending
    assert (await send(other, asked)).id == first.id
    assert len(gateway.launches) == 1


async def test_two_servers_that_check_at_the_same_moment_send_it_once(
    make: Make, asked: dict[str, Any]
) -> None:
    both_check = asyncio.Event()
    checking: list[FakeGateway] = []

    class MeetingGateway(FakeGateway):
        async def check(self, spec: JobSpec) -> list[Issue]:
            checking.append(self)
            if len(checking) == 2:
                both_check.set()
            await both_check.wait()
            return await super().check(spec)

    here, there = MeetingGateway(gateway_id="fake"), MeetingGateway(gateway_id="fake")
    found = await asyncio.gather(
        send(make(here), asked), send(make(there), asked), return_exceptions=True
    )
    assert len(checking) == 2
    assert len(here.launches) + len(there.launches) == 1
    jobs = {result.id for result in found if not isinstance(result, BaseException)}
    problems = [result for result in found if isinstance(result, BaseException)]
    assert len(jobs) == 1
    assert all(isinstance(problem, KeyInFlight) for problem in problems)


async def test_a_key_that_was_sent_leads_to_its_job_whatever_became_of_the_script(
    service: BatchService, gateway: FakeGateway, root: Path
) -> None:
    script = root / "count.sh"
    script.write_text("true\n")
    asked = submission(task={"kind": "script", "path": "count.sh"})
    first = await send(service, asked)
    script.unlink()
    gateway.issues = [issue("spec.resources.cores", "over_machine", "Too many.")]
    assert (await send(service, asked)).id == first.id


async def test_a_client_that_goes_away_stops_nothing(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    gateway.may_submit.clear()
    sending = asyncio.create_task(send(service, asked))
    await gateway.submitting.wait()
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    gateway.may_submit.set()
    await eventually(lambda: not service.submitter.is_in_flight(KEY))
    record = await send(service, asked)
    assert record.native_id == "101"
    assert len(gateway.launches) == 1


@pytest.mark.parametrize("problem", [GatewayRefused, GatewayUnreachable, NotSignedIn])
async def test_after_a_definite_refusal_the_corrected_form_goes_out_under_the_same_key(
    service: BatchService, gateway: FakeGateway, root: Path, problem: type[BatchProblem]
) -> None:
    gateway.submit_errors.append(problem("no", field="spec.resources.cores"))
    with pytest.raises(problem) as caught:
        await send(service, submission(name="First"))
    assert caught.value.field == "spec.resources.cores"
    assert await jobs_of(service) == 0
    assert run_directories(root) == []
    corrected = await send(service, submission(name="Corrected"))
    assert (corrected.name, corrected.phase) == ("Corrected", "QUEUED")


async def test_a_warning_waits_for_the_user(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any], root: Path
) -> None:
    gateway.issues = [issue("spec.resources.cores", "over_queue", "Many.", warning=True)]
    with pytest.raises(HasWarnings) as caught:
        await send(service, asked)
    assert (caught.value.field, len(caught.value.detail)) == ("spec.resources.cores", 1)
    assert gateway.launches == [] and run_directories(root) == []
    taken = await service.submitter.submit(asked, key=KEY, anyway=True)
    assert taken.is_new


async def test_an_error_is_not_overridden(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    gateway.issues = [issue("spec.resources.cores", "over_machine", "Too many.", limit=8)]
    with pytest.raises(NotValid):
        await service.submitter.submit(asked, key=KEY, anyway=True)
    assert gateway.launches == [] and await jobs_of(service) == 0


@pytest.mark.parametrize("key", [None, "", "short", "a" * 65, "a" * 15 + "/", "a" * 20 + "\n"])
async def test_without_a_proper_key_nothing_is_done(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any], key: str | None
) -> None:
    with pytest.raises(KeyMissing, match="Nothing was submitted"):
        await service.submitter.submit(asked, key=key, anyway=False)
    assert gateway.launches == []


async def test_a_script_that_vanishes_in_between_is_told_at_its_field(
    service: BatchService, gateway: FakeGateway, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = root / "count.sh"
    script.write_text("true\n")
    look = gateway.check

    async def check(spec: Any) -> Any:
        script.unlink()
        return await look(spec)

    monkeypatch.setattr(gateway, "check", check)
    asked = submission(task={"kind": "script", "path": "count.sh"})
    with pytest.raises(NotValid) as caught:
        await send(service, asked)
    assert [(i.field_, i.code) for i in caught.value.detail] == [("spec.task.path", "not_found")]
    assert gateway.launches == [] and run_directories(root) == []
    script.write_text("true\n")
    monkeypatch.undo()
    assert (await send(service, asked)).phase == "QUEUED"


async def test_a_run_directory_that_cannot_be_made_leaves_the_key_free(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any], root: Path
) -> None:
    (root / "batch-jobs").write_text("in the way")
    with pytest.raises(StoreUnavailable, match="Nothing was submitted"):
        await send(service, asked)
    assert gateway.launches == [] and await jobs_of(service) == 0
    (root / "batch-jobs").unlink()
    assert (await send(service, asked)).phase == "QUEUED"


def waits(native_id: str) -> Observation:
    text = "Waiting for earlier jobs."
    return Observation(native_id=native_id, phase="QUEUED", reason="priority", reason_text=text)


async def test_what_the_gateway_says_with_its_answer_is_stored_once(
    service: BatchService,
    gateway: FakeGateway,
    asked: dict[str, Any],
) -> None:
    await service.start()
    gateway.says = waits
    record = await send(service, asked)
    assert (record.phase, record.reason) == ("QUEUED", "priority")
    gateway.see(waits("101"))
    gateway.see(Observation(native_id="101", phase="EXECUTING"))
    running = await becomes(service, record.id, lambda now: now.phase == "EXECUTING")
    assert running.revision == record.revision + 1


async def test_what_was_said_before_is_taken_in_when_it_comes_again_later(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    await service.start()
    gateway.says = waits
    record = await send(service, asked)
    await sees(service, gateway, record, phase="HELD")
    gateway.see(waits("101"))
    again = await becomes(service, record.id, lambda now: now.phase == "QUEUED")
    assert again.reason == "priority"
