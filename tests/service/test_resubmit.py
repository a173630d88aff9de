"""Running again what a job ran."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

import msgspec
import pytest

from jupyterlab_batch.domain.generated import ResubmitPatch
from jupyterlab_batch.domain.problems import (
    AnswerLost,
    GatewayRefused,
    HasWarnings,
    JobForgotten,
    KeyMissing,
    KeyReused,
    NotFinal,
    NotValid,
    UnknownJob,
)
from jupyterlab_batch.engine.claim import is_withdrawn
from jupyterlab_batch.gateways.observation import Gone
from jupyterlab_batch.service.batch import BatchService
from jupyterlab_batch.store.records import JobRecord
from tests.fakes.gateway import FakeGateway
from tests.fakes.submissions import submission
from tests.service.conftest import KEY
from tests.service.waiting import becomes, run_directories, sees, send

AGAIN = "key-of-a-resubmission"


@pytest.fixture
def script(root: Path) -> Path:
    (root / "work").mkdir()
    path = root / "work" / "fit.sh"
    path.write_text("echo first\n")
    return path


@pytest.fixture
async def failed(service: BatchService, gateway: FakeGateway, script: Path) -> JobRecord:
    asked = submission(task={"kind": "script", "path": "work/fit.sh", "arguments": ["a b"]})
    record = await send(service, asked)
    return await sees(service, gateway, record, phase="ERROR", exit_code=1)


async def again(
    service: BatchService,
    record: JobRecord,
    *,
    key: str = AGAIN,
    anyway: bool = False,
    **patch: Any,
) -> JobRecord:
    given = msgspec.convert(patch, ResubmitPatch)
    taken = await service.resubmitter.resubmit(record.id, given, key=key, anyway=anyway)
    return taken.record


async def test_it_is_a_new_job_that_names_the_old_one(
    service: BatchService, gateway: FakeGateway, failed: JobRecord
) -> None:
    record = await again(service, failed)
    assert (record.phase, record.resubmitted_from) == ("QUEUED", failed.id)
    assert record.spec == failed.spec and record.id != failed.id
    detail = await service.listing.job(record.id)
    assert detail.resubmitted_from == failed.id
    assert len(gateway.launches) == 2
    written = json.loads(Path(record.run_directory, "job.json").read_bytes())
    assert written["resubmitted_from"] == failed.id


async def test_what_runs_is_what_ran(
    service: BatchService, failed: JobRecord, script: Path
) -> None:
    script.write_text("echo edited since\n")
    record = await again(service, failed)
    assert Path(record.run_directory, "fit.sh").read_text() == "echo first\n"
    copy = Path(failed.run_directory, "fit.sh")
    assert (record.source_path, failed.source_path) == (str(copy), str(script))


async def test_it_runs_where_it_ran_also_if_the_original_is_gone(
    service: BatchService, gateway: FakeGateway, failed: JobRecord, script: Path
) -> None:
    script.unlink()
    record = await again(service, failed)
    text = gateway.launches[-1].script_text
    assert f"directory='{script.parent}'" in text
    assert f"{record.run_directory}/fit.sh" in text and failed.run_directory not in text


async def test_a_resubmission_can_itself_be_resubmitted(
    service: BatchService, gateway: FakeGateway, failed: JobRecord, script: Path
) -> None:
    script.unlink()
    second = await again(service, failed)
    second = await sees(service, gateway, second, phase="ERROR", exit_code=1)
    third = await again(service, second, key="key-of-the-third-try")
    assert Path(third.run_directory, "fit.sh").read_text() == "echo first\n"
    assert third.resubmitted_from == second.id


async def test_a_folder_that_is_gone_is_said_before_anything_is_sent(
    service: BatchService, gateway: FakeGateway, failed: JobRecord, script: Path
) -> None:
    shutil.rmtree(script.parent)
    with pytest.raises(NotValid) as caught:
        await again(service, failed)
    assert [found.field_ for found in caught.value.detail] == ["spec.files.working_directory"]
    assert len(gateway.launches) == 1


async def test_without_its_copy_the_file_as_it_is_now_is_only_taken_if_told_so(
    service: BatchService, failed: JobRecord, script: Path
) -> None:
    shutil.rmtree(failed.run_directory)
    script.write_text("echo edited since\n")
    with pytest.raises(HasWarnings) as caught:
        await again(service, failed)
    assert [found.code for found in caught.value.detail] == ["source_changed"]
    record = await again(service, failed, anyway=True)
    assert Path(record.run_directory, "fit.sh").read_text() == "echo edited since\n"
    assert record.source_path == str(script)


async def test_without_copy_and_original_there_is_nothing_to_run(
    service: BatchService, failed: JobRecord, script: Path
) -> None:
    shutil.rmtree(failed.run_directory)
    script.unlink()
    with pytest.raises(NotValid, match="Nothing was submitted"):
        await again(service, failed, anyway=True)


async def test_a_patch_changes_what_it_names_and_nothing_else(
    service: BatchService, failed: JobRecord
) -> None:
    patch: dict[str, Any] = {
        "name": "Fit 2",
        "resources": {"memory_bytes": 2**21},
        "placement": {"queue": "main"},
    }
    record = await again(service, failed, **patch)
    assert (record.name, record.memory_bytes, record.cores) == ("Fit 2", 2**21, failed.cores)
    spec = msgspec.to_builtins(record.spec)
    assert spec["placement"] == {"queue": "main"}
    assert spec["task"] == msgspec.to_builtins(failed.spec.task)
    assert record.walltime_seconds == failed.walltime_seconds


@pytest.mark.parametrize(
    ("patch", "field", "code"),
    [
        ({"resources": {"cores": 0}}, "spec.resources.cores", "out_of_range"),
        ({"resources": {"memory_bytes": "2G"}}, "spec.resources.memory_bytes", "wrong_type"),
        ({"resources": {"core": 1}}, "spec.resources.core", "unknown_field"),
        ({"placement": {"queue": "nowhere"}}, "spec.placement.queue", "unknown_queue"),
        ({"name": "\x07"}, "spec.name", "control_character"),
    ],
)
async def test_a_wrong_patch_is_marked_at_its_field(
    service: BatchService,
    gateway: FakeGateway,
    failed: JobRecord,
    patch: dict[str, Any],
    field: str,
    code: str,
) -> None:
    with pytest.raises(NotValid) as caught:
        await again(service, failed, **patch)
    assert (field, code) in [(found.field_, found.code) for found in caught.value.detail]
    assert len(gateway.launches) == 1


async def test_the_same_key_makes_one_job(
    service: BatchService, gateway: FakeGateway, failed: JobRecord
) -> None:
    first = await again(service, failed)
    assert (await again(service, failed)).id == first.id
    assert len(gateway.launches) == 2
    with pytest.raises(KeyReused):
        await again(service, failed, name="Other")
    with pytest.raises(KeyReused):
        await again(service, failed, key=KEY)
    with pytest.raises(KeyMissing):
        await again(service, failed, key="")


async def test_two_tabs_at_once_with_the_same_key_make_one_job(
    service: BatchService, gateway: FakeGateway, failed: JobRecord
) -> None:
    told = await asyncio.gather(*(again(service, failed) for _ in range(5)), return_exceptions=True)
    assert len(gateway.launches) == 2
    assert len({one.id for one in told if isinstance(one, JobRecord)}) == 1


async def test_the_key_answers_also_when_the_old_job_was_forgotten(
    service: BatchService, gateway: FakeGateway, failed: JobRecord
) -> None:
    first = await again(service, failed)
    await service.retention.forget(failed.id)
    assert (await again(service, failed)).id == first.id
    with pytest.raises(UnknownJob):
        await again(service, failed, key="key-of-a-second-try")
    await sees(service, gateway, first, phase="COMPLETED", exit_code=0)
    await service.retention.forget(first.id)
    with pytest.raises(JobForgotten):
        await again(service, failed)


async def test_a_job_that_is_not_over_is_not_run_beside_itself(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any], root: Path
) -> None:
    record = await send(service, asked)
    with pytest.raises(NotFinal, match="Nothing was submitted"):
        await again(service, record)
    gateway.submit_errors.append(AnswerLost("no answer"))
    unknown = await send(service, asked, "key-of-a-lost-answer")
    with pytest.raises(NotFinal):
        await again(service, unknown)
    assert (len(gateway.launches), len(run_directories(root))) == (2, 2)


@pytest.fixture
async def lost(service: BatchService, gateway: FakeGateway, asked: dict[str, Any]) -> JobRecord:
    """A job that the batch system had taken and does not know any more."""
    record = await send(service, asked)
    gateway.see(Gone(native_id="101"))
    lost = await becomes(service, record.id, lambda now: now.phase == "ERROR")
    assert lost.reason == "lost"
    return lost


async def test_a_lost_job_that_is_run_again_can_never_run_itself(
    service: BatchService, lost: JobRecord
) -> None:
    record = await again(service, lost)
    assert record.phase == "QUEUED"
    assert is_withdrawn(Path(lost.run_directory), lost.nonce)


async def test_a_lost_job_that_has_started_after_all_is_not_run_twice(
    service: BatchService, gateway: FakeGateway, lost: JobRecord
) -> None:
    claim = {"nonce": lost.nonce, "key": KEY, "native_id": "101", "restart_count": 0}
    Path(lost.run_directory, "claim").write_text(json.dumps(claim))
    with pytest.raises(NotFinal, match="started after all"):
        await again(service, lost)
    now = await service.store.get(lost.id)
    assert now is not None and (now.phase, now.ended_at) == ("UNKNOWN", None)
    assert len(gateway.launches) == 1
    over = await sees(service, gateway, now, phase="COMPLETED", exit_code=0)
    assert over.native_id == "101"


async def test_a_resubmission_that_is_refused_leaves_nothing(
    service: BatchService, gateway: FakeGateway, failed: JobRecord, root: Path
) -> None:
    gateway.submit_errors.append(GatewayRefused("no"))
    with pytest.raises(GatewayRefused):
        await again(service, failed)
    assert run_directories(root) == [Path(failed.run_directory)]
    assert (await again(service, failed)).phase == "QUEUED"
