"""What a job is to leave, by the names that its user gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyterlab_batch.domain.generated import CommandTask, Files, JobSpec, Resources
from jupyterlab_batch.engine import outputs
from jupyterlab_batch.engine.outputs import count_found, found, named_outputs, shown


def spec(*names: str) -> JobSpec:
    return JobSpec(
        name="lens",
        task=CommandTask(argv=["true"]),
        resources=Resources(cores=1, memory_bytes=1, walltime_seconds=60),
        files=Files(outputs=list(names)),
    )


def test_names_start_at_the_working_directory(tmp_path: Path) -> None:
    folder = tmp_path / "a[1]*"
    folder.mkdir()
    for name in ("one.fits", "two.fits", "[x].txt"):
        (folder / name).touch()
    names = named_outputs(spec("*.fits", "[x].txt", "/nowhere/*", "none.txt"), folder)
    assert [found(name) for name in names] == [
        [f"{folder}/one.fits", f"{folder}/two.fits"],
        [],  # it stands for x.txt
        [],
        [],
    ]
    assert [shown(name) for name in names] == [
        f"{folder}/*.fits",
        f"{folder}/[x].txt",
        "/nowhere/*",
        f"{folder}/none.txt",
    ]


def test_a_name_of_which_there_is_a_file_is_that_file(tmp_path: Path) -> None:
    (tmp_path / "fit[1]-output.ipynb").touch()
    assert found(f"{tmp_path}/fit[1]-output.ipynb") == [f"{tmp_path}/fit[1]-output.ipynb"]


@pytest.mark.parametrize("name", ["x" * 5000, "x" * 5000 + "*", "\ud800*", "a/" * 3000 + "*"])
def test_what_can_be_no_file_is_not_there(tmp_path: Path, name: str) -> None:
    assert [found(one) for one in named_outputs(spec(name), tmp_path)] == [[]]


def test_of_very_many_some_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outputs, "MOST_FILES", 3)
    for number in range(5):
        (tmp_path / f"{number}.txt").touch()
    assert len(found(f"{tmp_path}/*.txt")) == 3


def test_more_are_counted_than_listed_though_not_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outputs, "MOST_FILES", 3)
    for number in range(5):
        (tmp_path / f"{number}.txt").touch()
    names = [f"{tmp_path}/*.txt", f"{tmp_path}/0.txt", f"{tmp_path}/none"]
    assert count_found(names) == 6
    monkeypatch.setattr(outputs, "MOST_COUNTED", 4)
    assert count_found(names) == 4
