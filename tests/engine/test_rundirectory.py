"""The run directory: what is planned, what is written, and what stays when it cannot be."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from jupyterlab_batch.domain.generated import CommandTask, JobSpec, NotebookTask, ScriptTask
from jupyterlab_batch.engine.rundirectory import RunPlan, write_run
from tests.engine.harness import make_plan, make_spec, write_notebook


def plan_script(root: Path, name: str = "job.sh", text: str = "echo 1") -> RunPlan:
    (root / name).write_text(text, encoding="utf-8")
    return make_plan(make_spec(ScriptTask(path=name)), root)


def test_to_plan_touches_no_disk(tmp_path: Path) -> None:
    plan = make_plan(make_spec(ScriptTask(path="not-there.sh")), tmp_path)
    assert plan.directory.parent == tmp_path / "batch-jobs"
    assert list(tmp_path.iterdir()) == []


def test_everything_is_there_and_for_the_user_alone(tmp_path: Path) -> None:
    write_notebook(tmp_path / "fit.ipynb", ["1"])
    spec = make_spec(NotebookTask(path="fit.ipynb", parameters={"x": 1}))
    plan = make_plan(spec, tmp_path)
    write_run(plan)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in plan.directory.iterdir()}
    assert modes == {
        "spec.json": 0o600,
        "job.json": 0o600,
        "parameters.json": 0o600,
        "run.sh": 0o700,
        "fit.ipynb": 0o700,
    }
    assert stat.S_IMODE(plan.directory.stat().st_mode) == 0o700
    assert plan.script_path.read_text(encoding="utf-8") == plan.script_text
    job = json.loads((plan.directory / "job.json").read_bytes())
    assert (job["job_id"], job["key"], job["nonce"]) == (plan.job_id, plan.key, plan.nonce)
    assert json.loads((plan.directory / "parameters.json").read_bytes()) == {"x": 1}


def content_of(path: Path) -> bytes:
    if path.is_dir():
        return "\n".join(sorted(one.name for one in path.iterdir())).encode()
    return path.read_bytes()


@pytest.mark.parametrize("name", ["job.sh", "run.sh"])
def test_all_of_it_and_the_names_that_lead_there_are_durable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    synced: dict[Path, bytes] = {}
    sync = os.fsync

    def note(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        synced[path] = content_of(path)
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    plan = plan_script(tmp_path, name)
    write_run(plan)
    for path in [tmp_path, plan.directory.parent, plan.directory, *plan.directory.rglob("*")]:
        assert synced[path] == content_of(path), path


def test_what_is_edited_after_submission_does_not_matter(tmp_path: Path) -> None:
    plan = plan_script(tmp_path)
    write_run(plan)
    (tmp_path / "job.sh").write_text("echo 2", encoding="utf-8")
    assert plan.source_copy is not None
    assert plan.source_copy.read_text(encoding="utf-8") == "echo 1"


@pytest.mark.parametrize("name", ["run.sh", "spec.json", "claim", "stdout.log", "progress.json"])
def test_a_script_named_like_a_file_of_ours_hurts_neither(tmp_path: Path, name: str) -> None:
    plan = plan_script(tmp_path, name)
    write_run(plan)
    assert plan.source_copy == plan.directory / "source" / name
    assert plan.source_copy.read_text(encoding="utf-8") == "echo 1"
    assert plan.script_path.read_text(encoding="utf-8") == plan.script_text


@pytest.mark.parametrize("kind", ["missing", "fifo", "folder", "dangling"])
def test_a_source_that_is_no_file_leaves_nothing_behind(tmp_path: Path, kind: str) -> None:
    source = tmp_path / "job.sh"
    if kind == "fifo":
        os.mkfifo(source)
    elif kind == "folder":
        source.mkdir()
    elif kind == "dangling":
        source.symlink_to(tmp_path / "nowhere")
    plan = make_plan(make_spec(ScriptTask(path="job.sh")), tmp_path)
    with pytest.raises(OSError, match=r"job\.sh"):
        write_run(plan)
    assert list((tmp_path / "batch-jobs").iterdir()) == []


def test_a_directory_that_exists_is_never_reused(tmp_path: Path) -> None:
    plan = plan_script(tmp_path)
    write_run(plan)
    before = (plan.directory / "job.json").read_bytes()
    with pytest.raises(FileExistsError):
        write_run(plan)
    assert (plan.directory / "job.json").read_bytes() == before


@pytest.mark.parametrize(
    "name",
    ["../x", "/etc", "..", ".", "-rf", "a\n#SBATCH -p evil", "$(id)", "שלום", "🔭", "x" * 500, " "],
)
def test_a_name_stays_a_name(tmp_path: Path, name: str) -> None:
    spec = make_spec(CommandTask(argv=["true"]), name=name)
    first, second = make_plan(spec, tmp_path), make_plan(spec, tmp_path)
    assert first.directory != second.directory
    for plan in (first, second):
        assert plan.directory.parent == tmp_path / "batch-jobs"
        assert plan.directory.name.isascii()
        assert len(plan.directory.name) < 80
        write_run(plan)


@pytest.mark.parametrize(
    "spec",
    [
        make_spec(CommandTask(argv=[])),
        make_spec(CommandTask(argv=[""])),
        make_spec(CommandTask(argv=["a\0b"])),
        make_spec(CommandTask(argv=["true"]), variables={"A=B": "x"}),
        make_spec(CommandTask(argv=["true"]), variables={"A": "\0"}),
    ],
)
def test_what_no_program_can_get_is_refused(tmp_path: Path, spec: JobSpec) -> None:
    with pytest.raises(ValueError, match=r"NUL|program|variable"):
        make_plan(spec, tmp_path)
