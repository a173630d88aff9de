"""A store that was lost is made again from run directories, before anything is sent."""

from __future__ import annotations

import asyncio
import json
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_batch.domain.problems import KeyReused, StoreUnavailable
from jupyterlab_batch.engine import jobfile
from jupyterlab_batch.engine.claim import withdraw
from jupyterlab_batch.gateways.observation import Observation
from jupyterlab_batch.service import rebuild
from tests.fakes.gateway import FakeGateway
from tests.service.conftest import KEY, Make
from tests.service.evidence import claim, wrap
from tests.service.waiting import all_jobs, becomes, run_directories, send

Break = Callable[[Path], object]
WAYS: dict[str, Break] = {
    "removed": lambda path: path.unlink(),
    "empty": lambda path: path.write_bytes(b""),
    "no database": lambda path: path.write_bytes(b"this is no database" * 100),
    "truncated": lambda path: path.write_bytes(path.read_bytes()[:-8192]),
    "overwritten": lambda path: path.write_bytes(path.read_bytes()[:4096] + b"\xff" * 40_000),
}


@pytest.mark.parametrize("way", WAYS)
async def test_the_same_key_answers_with_the_same_job(
    make: Make, gateway: FakeGateway, asked: dict[str, Any], way: str
) -> None:
    first = make()
    await first.start()
    record = await send(first, asked)
    before = await first.store.store_id()
    await first.stop()
    claim(record, "101")
    content = first.store.path.read_bytes()
    WAYS[way](first.store.path)
    broken = first.store.path.read_bytes() if way != "removed" else None

    second = make()
    await second.start()
    again = await send(second, asked)
    assert (again.id, again.native_id, len(gateway.launches)) == (record.id, "101", 1)
    assert await second.store.store_id() != before
    with pytest.raises(KeyReused):
        await send(second, {**asked, "gateway_id": "other"})
    aside = await second.store.put_aside()
    if way in {"removed", "empty"}:
        assert aside == []
    else:
        assert [file.read_bytes() for file in aside] == [broken] and broken != content


async def test_each_job_becomes_what_its_run_directory_proves(
    make: Make, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    first = make()
    await first.start()
    names = ("done", "failed", "running", "claimed", "silent", "given-up")
    sent = {name: await send(first, asked, f"key-of-job-{name:_<16}") for name in names}
    await first.stop()
    for native_id, name in enumerate(names[:4]):
        claim(sent[name], str(native_id))
    wrap(sent["done"], "0", exit_code=0)
    wrap(sent["failed"], "1", exit_code=3)
    wrap(sent["running"], "2", exit_code=None)
    lost = sent["given-up"]
    assert withdraw(Path(lost.run_directory), nonce=lost.nonce, key=lost.key)
    first.store.path.unlink()
    gateway.tracked.clear()
    gateway.look_up_answers = [Observation(native_id="4", phase="QUEUED")]

    second = make()
    second.look_up.pauses_seconds = (0.01,)
    await second.start()
    await becomes(second, sent["silent"].id, lambda now: now.native_id == "4")
    jobs = await all_jobs(second)
    assert {name: (jobs[r.id].phase, jobs[r.id].reason) for name, r in sent.items()} == {
        "done": ("COMPLETED", None),
        "failed": ("ERROR", "exit_nonzero"),
        "running": ("EXECUTING", None),
        "claimed": ("QUEUED", None),
        "silent": ("QUEUED", None),
        "given-up": ("ERROR", "lost"),
    }
    assert jobs[sent["failed"].id].exit_code == 3
    assert {job.native_id for job in gateway.tracked} == {"2", "3", "4"}
    assert gateway.looked_up == [sent["silent"].tag]
    assert await second.store.intent(lost.key) is None
    assert jobs[sent["failed"].id].seen and jobs[lost.id].seen


async def test_nothing_is_sent_while_it_is_rebuilt(
    make: Make,
    gateway: FakeGateway,
    asked: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    may_read = threading.Event()
    read = jobfile.read_origins

    def read_late(run_root: Path) -> Any:
        assert may_read.wait(30)
        return read(run_root)

    monkeypatch.setattr(rebuild, "read_origins", read_late)
    service = make()
    service.rebuilder.patience_seconds = 0.01
    starting = asyncio.create_task(service.start())
    try:
        with pytest.raises(StoreUnavailable, match="Nothing was submitted") as caught:
            await send(service, asked)
        assert caught.value.retry_after_seconds
        assert (gateway.launches, run_directories(service.rebuilder.run_roots[0].parent)) == (
            [],
            [],
        )
    finally:
        may_read.set()
        await starting
    assert (await send(service, asked)).phase == "QUEUED"


async def test_run_directories_are_read_once_per_store(
    make: Make, asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = make()
    await first.start()
    record = await send(first, asked)
    await first.stop()
    monkeypatch.delattr(rebuild, "read_origins")
    second = make()
    await second.start()
    assert (await send(second, asked)).id == record.id


async def test_what_is_not_ours_or_nonsense_is_passed_over(
    make: Make, tmp_path: Path, asked: dict[str, Any]
) -> None:
    first = make()
    await first.start()
    record = await send(first, asked)
    await first.stop()
    directory = Path(record.run_directory)
    shutil.copytree(directory, directory.with_name("a-copy"))
    for name, content in {"junk": b"{", "wrong": b"{}", "deep": b"[" * 50_000}.items():
        shutil.copytree(directory, directory.with_name(f"{name}-{record.id[-6:]}"))
        directory.with_name(f"{name}-{record.id[-6:]}").joinpath("job.json").write_bytes(content)
    elsewhere = tmp_path / directory.name
    shutil.copytree(directory, elsewhere)
    job = json.loads((elsewhere / "job.json").read_bytes())
    job.update(key="key-of-somebody-else", job_id="0" * 26, tag="jlb:" + "0" * 26)
    (elsewhere / "job.json").write_text(json.dumps(job))
    directory.with_name("x-000000").symlink_to(elsewhere)
    directory.with_name("a-file").touch()
    first.store.path.unlink()
    second = make()
    await second.start()
    assert set(await all_jobs(second)) == {record.id}


async def test_a_run_directory_without_a_digest_still_knows_its_submission(
    make: Make, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    first = make()
    await first.start()
    record = await send(first, asked)
    await first.stop()
    path = Path(record.run_directory, "job.json")
    job = json.loads(path.read_bytes())
    del job["digest"], job["outputs"]
    path.write_text(json.dumps(job))
    first.store.path.unlink()
    second = make()
    await second.start()
    known = await second.store.intent(KEY)
    assert known is not None and known.job_id == record.id
    assert (await send(second, asked)).id == record.id
    assert len(gateway.launches) == 1


async def test_a_damaged_store_is_said_until_its_file_is_deleted(
    make: Make, asked: dict[str, Any]
) -> None:
    first = make()
    await first.start()
    assert (await first.described())[0].notices == []
    await send(first, asked)
    await first.stop()
    first.store.path.write_bytes(b"this is no database" * 100)
    second = make()
    await second.start()
    (aside,) = await second.store.put_aside()
    (notice,) = (await second.described())[0].notices
    assert str(aside) in notice and "Delete" in notice
    aside.unlink()
    assert (await second.described())[0].notices == []
