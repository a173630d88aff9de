"""A run directory that was claimed for nobody never runs anything, whatever starts its wrapper."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_batch.engine.claim import is_withdrawn, withdraw
from jupyterlab_batch.engine.rundirectory import RunPlan
from jupyterlab_batch.engine.status import read_claim, read_status
from tests.engine.wrapped import WrappedRun


def give_up(plan: RunPlan) -> bool:
    return withdraw(plan.directory, nonce=plan.nonce, key=plan.key)


def test_what_was_given_up_does_not_run(wrapped: WrappedRun) -> None:
    plan = wrapped.command("touch", f"{wrapped.root}/ran")
    assert not is_withdrawn(plan.directory, plan.nonce)
    assert give_up(plan)
    assert is_withdrawn(plan.directory, plan.nonce)
    code, _, err = wrapped.run(plan)
    assert (code, "duplicate" in err) == (0, True)
    assert not (wrapped.root / "ran").exists()
    assert read_status(plan.directory, plan.nonce) is None
    assert give_up(plan), "to give up twice changes nothing"


def test_what_has_started_cannot_be_given_up(wrapped: WrappedRun) -> None:
    plan = wrapped.command("true")
    wrapped.run(plan)
    assert not give_up(plan)
    claim = read_claim(plan.directory, plan.nonce)
    assert claim is not None and claim.native_id == "7"


def test_of_starting_and_giving_up_at_once_exactly_one_happens(wrapped: WrappedRun) -> None:
    ran = wrapped.root / "ran"
    plan = wrapped.command("touch", str(ran))
    for _ in range(20):
        for path in (plan.directory / "claim", plan.directory / "wrapper.json", ran):
            path.unlink(missing_ok=True)
        child = wrapped.start(plan)
        is_given_up = give_up(plan)
        child.communicate(timeout=30)
        assert ran.exists() != is_given_up


def test_a_fifo_in_the_way_holds_nobody_up(wrapped: WrappedRun) -> None:
    plan = wrapped.command("true")
    os.mkfifo(plan.directory / f"claim.withdrawn.{os.getpid()}")
    with pytest.raises(OSError):
        give_up(plan)


def test_it_leaves_nothing_else_behind(wrapped: WrappedRun) -> None:
    plan = wrapped.command("true")
    before = {path.name for path in plan.directory.iterdir()}
    give_up(plan)
    assert {path.name for path in plan.directory.iterdir()} == before | {"claim"}


def test_a_file_system_without_links(wrapped: WrappedRun, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    plan = wrapped.command("touch", f"{wrapped.root}/ran")
    assert give_up(plan)
    wrapped.run(plan)
    assert not (wrapped.root / "ran").exists()
    started = wrapped.command("true")
    wrapped.run(started)
    assert not give_up(started)


def test_a_run_directory_that_was_removed_runs_nothing(wrapped: WrappedRun) -> None:
    plan = wrapped.command("true")
    shutil.rmtree(plan.directory)
    assert give_up(plan)


def test_a_file_system_that_is_away_proves_nothing(wrapped: WrappedRun, tmp_path: Path) -> None:
    plan = wrapped.command("true")
    plan.directory.parent.rename(tmp_path / "away")
    with pytest.raises(OSError, match="No such file"):
        give_up(plan)


@pytest.mark.parametrize(
    "content", [b'{"nonce": "foreign", "key": "k", "native_id": "7", "restart_count": 0}', b"what?"]
)
def test_a_claim_that_is_none_is_replaced(wrapped: WrappedRun, content: bytes) -> None:
    plan = wrapped.command("touch", f"{wrapped.root}/ran")
    (plan.directory / "claim").write_bytes(content)
    assert give_up(plan)
    wrapped.run(plan)
    assert not (wrapped.root / "ran").exists()


def test_a_claim_that_is_just_being_written_is_not_touched(wrapped: WrappedRun) -> None:
    plan = wrapped.command("true")
    (plan.directory / "claim").touch()
    assert not give_up(plan)
