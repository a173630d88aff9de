"""A job in a container image, started by a command of the site, in every shell that is here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from jupyterlab_batch.domain.generated import CommandTask, Environment, ScriptTask
from jupyterlab_batch.engine.images import command_found, image_command, is_image_file
from jupyterlab_batch.engine.rundirectory import RunPlan, plan_run, write_run
from tests.engine.harness import make_context, make_plan, make_spec
from tests.engine.siteimages import make_program, make_site
from tests.engine.wrapped import WrappedRun, status_of


def write(
    wrapped: WrappedRun, task: CommandTask | ScriptTask, image: str = "./tools", **asked: Any
) -> RunPlan:
    spec = make_spec(task, **asked)
    assert isinstance(spec.environment, Environment)
    environment = msgspec.structs.replace(spec.environment, kind="image", name=image)
    spec = msgspec.structs.replace(spec, environment=environment)
    like = make_plan(make_spec(task), wrapped.root)
    plan = plan_run(
        spec,
        gateway_id="local",
        job_id=like.job_id,
        key=like.key,
        nonce=like.nonce,
        created_at=like.created_at,
        context=replace(
            make_context(wrapped.root), image_words=lambda: make_site(wrapped.root / "site")
        ),
    )
    write_run(plan)
    return plan


def why_not(wrapped: WrappedRun, plan: RunPlan) -> str:
    """Run what cannot be started, and return why."""
    code, out, err = wrapped.run(plan)
    outcome = status_of(plan).outcome
    assert (code != 0, out) == (True, "")
    assert outcome is not None
    assert outcome.kind == "launch_failed"
    assert outcome.evalue is not None
    assert outcome.evalue in err
    return outcome.evalue


@pytest.fixture(autouse=True)
def tools(wrapped: WrappedRun) -> Path:
    """An image, which has a program that the machine has not."""
    make_program(wrapped.root / "tools/bin", "sextractor", 'echo "sextractor of $IMAGE: $*"')
    make_program(wrapped.root / "tools/bin", "python3", 'echo "python of $IMAGE"')
    return wrapped.root / "tools"


def test_a_program_of_the_image_runs_there_and_its_exit_code_counts(
    wrapped: WrappedRun, tools: Path
) -> None:
    plan = write(wrapped, CommandTask(argv=["sextractor", "a b", "$(id)"]))
    assert wrapped.run(plan) == (0, f"sextractor of {tools}: a b $(id)\n", "")
    assert status_of(plan).outcome is None
    plan = write(
        wrapped, CommandTask(argv=["sh", "-c", 'echo "$SEED"; exit 9']), variables={"SEED": "7"}
    )
    assert wrapped.run(plan)[:2] == (9, "7\n")
    assert status_of(plan).outcome is None


def test_scripts_run_there_by_their_first_line_and_their_ending(
    wrapped: WrappedRun, tools: Path
) -> None:
    (wrapped.root / "fit.py").write_text("print()\n")
    plan = write(wrapped, ScriptTask(path="fit.py"))
    assert wrapped.run(plan)[1] == f"python of {tools}\n"
    (wrapped.root / "fit.sh").write_text("#!/usr/bin/env sh\nsextractor $1\n")
    plan = write(wrapped, ScriptTask(path="fit.sh", arguments=["x"]))
    assert wrapped.run(plan)[1] == f"sextractor of {tools}: x\n"


def test_what_reads_gpus_is_said_only_if_the_job_has_some(wrapped: WrappedRun) -> None:
    told = CommandTask(argv=["sh", "-c", 'echo "${NV:-no}"'])
    assert wrapped.run(write(wrapped, told))[1] == "no\n"
    assert wrapped.run(write(wrapped, told, gpus=1))[1] == "yes\n"


def test_an_image_that_is_not_there_is_named(wrapped: WrappedRun) -> None:
    plan = write(wrapped, CommandTask(argv=["true"]), image="./nowhere")
    assert why_not(wrapped, plan) == (
        f"The image cannot be started, or does not see the run directory: {wrapped.root}/nowhere"
    )
    plan = write(wrapped, CommandTask(argv=["true"]), image="docker://it's/$(id):1")
    assert why_not(wrapped, plan).endswith(": docker://it's/$(id):1")


def test_a_program_that_the_image_has_not_is_named(wrapped: WrappedRun) -> None:
    plan = write(wrapped, CommandTask(argv=["topcat"]))
    assert why_not(wrapped, plan) == "There is no program in the image to run the job: topcat"


def test_a_machine_without_the_command_of_the_site_is_told(wrapped: WrappedRun) -> None:
    plan = write(wrapped, CommandTask(argv=["true"]))
    (wrapped.root / "site/start image").unlink()
    assert why_not(wrapped, plan) == (
        f"No program is here to start images: {wrapped.root}/site/start image"
    )


def test_a_command_is_looked_for_only_where_an_image_is_asked_for(wrapped: WrappedRun) -> None:
    def look() -> list[str]:
        raise LookupError

    context = replace(make_context(wrapped.root), image_words=look)
    spec = make_spec(CommandTask(argv=["true"]))
    assert make_plan(spec, wrapped.root, context).spec == spec
    spec = msgspec.structs.replace(spec, environment=Environment(kind="image", name="x.sif"))
    with pytest.raises(LookupError):
        make_plan(spec, wrapped.root, context)


def test_without_a_command_nothing_is_planned(wrapped: WrappedRun) -> None:
    spec = make_spec(CommandTask(argv=["true"]))
    spec = msgspec.structs.replace(spec, environment=Environment(kind="image", name="x.sif"))
    with pytest.raises(ValueError, match="container images"):
        make_plan(spec, wrapped.root)


@pytest.mark.parametrize(
    ("name", "is_file"),
    [
        ("/images/a", True),
        ("~/a", True),
        ("./a", True),
        ("../a", True),
        ("images/a.sif", True),
        ("a.img", True),
        ("docker://python:3.12", False),
        ("oras://site/a.sif", False),
        ("ghcr.io/site/tools:1", False),
        ("python", False),
    ],
)
def test_an_image_is_named_by_its_file_or_as_a_registry_does(name: str, *, is_file: bool) -> None:
    assert is_image_file(name) is is_file


def test_the_words_of_a_site_are_filled_in() -> None:
    def filled(*words: str, gpus: int = 0, image: str = "a.sif") -> list[str]:
        return image_command(
            words,
            image=image,
            run_directory=Path("/runs/1"),
            working_directory=Path("/home/me"),
            gpus=gpus,
        )

    assert filled("podman", "run") == ["podman", "run", "a.sif"]
    assert filled("shifter", "--image={image}", "-V{run_directory}:{run_directory}") == [
        *("shifter", "--image=a.sif", "-V/runs/1:/runs/1")
    ]
    assert filled("x", "{gpus:--nv}", "{image}") == ["x", "a.sif"]
    assert filled("x", "{gpus:--nv}", "{image}", gpus=2) == ["x", "--nv", "a.sif"]
    assert filled("x", "{image}", image="{run_directory}") == ["x", "{run_directory}"]


def test_the_command_is_that_of_what_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert command_found() == []
    make_program(tmp_path, "singularity", "")
    assert command_found()[:2] == ["singularity", "exec"]
    make_program(tmp_path, "apptainer", "")
    assert command_found()[0] == "apptainer"
    assert command_found()[-1] == "{image}"
