"""JSON to the generated classes and back."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path

import pytest

from jupyterlab_batch.client import generated
from jupyterlab_batch.client.decode import decode, encode
from tests.client import samples

EXAMPLES = Path(__file__).parents[2] / "contract" / "examples"
INPUTS = ("Submission", "DraftInput", "ScaleInput", "SeenInput")
# Words that a newer server adds to a closed list are borne here, unlike in the contract.
BORNE = ("unknown", "not-on-the-list", "in-slurm-words")


def examples(kind: str) -> list[Path]:
    return sorted((EXAMPLES / kind).glob("*.json"))


@pytest.mark.parametrize("path", examples("valid"), ids=lambda path: path.stem)
def test_every_valid_example_is_decoded(path: Path) -> None:
    kind = getattr(generated, path.name.split(".")[0])
    instance = decode(kind, json.loads(path.read_text()))
    assert decode(kind, encode(instance)) == instance


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in examples("invalid")
        if not path.name.startswith(INPUTS) and not any(word in path.name for word in BORNE)
    ],
    ids=lambda path: path.stem,
)
def test_every_invalid_answer_is_a_value_error(path: Path) -> None:
    kind = getattr(generated, path.name.split(".")[0])
    with pytest.raises(ValueError, match=r"."):
        decode(kind, json.loads(path.read_text()))


def test_a_job_is_decoded_to_its_leaves() -> None:
    job = decode(generated.Job, samples.job())
    assert isinstance(job.spec.task, generated.NotebookTask)
    assert job.spec.task.parameters == {"seed": 3}
    assert job.progress == generated.Progress(done=7, total=18, text="cell 7 of 18")
    assert job.submitted_at == datetime(2025, 3, 1, 12, 0, 0, 123000, tzinfo=timezone.utc)
    assert job.usage.elapsed_seconds == 3.0


def test_a_row_comes_back_as_it_was() -> None:
    row = samples.row(submitted_at=None, started_at="2025-03-01T12:00:05Z")
    assert encode(decode(generated.JobRow, row)) == row


@pytest.mark.parametrize(
    "text",
    [
        "2025-03-01T12:00:00Z",
        "2025-03-01T12:00:00.5Z",
        "2025-03-01T12:00:00.123456789Z",
        "2025-03-01T13:00:00+01:00",
    ],
)
def test_times_of_rfc_3339_are_read(text: str) -> None:
    created = decode(generated.JobRow, samples.row(created_at=text)).created_at
    assert created.astimezone(timezone.utc).replace(microsecond=0) == datetime(
        2025, 3, 1, 12, tzinfo=timezone.utc
    )


def test_what_a_newer_server_adds_is_borne() -> None:
    row = decode(generated.JobRow, samples.row(phase="DREAMING", substate="far", mood="good"))
    assert str(row.phase) == "DREAMING"


@pytest.mark.parametrize(
    "bad",
    [
        {"cores": "2"},
        {"cores": None},
        {"cores": True},
        {"seen": 1},
        {"progress": []},
        {"created_at": "yesterday"},
        {"created_at": 3},
    ],
)
def test_what_cannot_be_is_a_value_error(bad: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode(generated.JobRow, samples.row(**bad))


@pytest.mark.parametrize("not_a_row", [None, [], "text", {}, {"id": "x"}])
def test_what_is_no_object_of_its_kind_is_a_value_error(not_a_row: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode(generated.JobRow, not_a_row)


def test_a_task_of_an_unknown_kind_is_a_value_error() -> None:
    job = samples.job()
    job["spec"]["task"] = {"kind": "pipeline"}
    with pytest.raises(ValueError, match="unknown kind 'pipeline'"):
        decode(generated.Job, job)


def test_inputs_leave_out_what_is_not_said() -> None:
    task = generated.NotebookTask(kind="notebook", path="/a", parameters={"none": None})
    assert encode(task, omit_null=True) == {
        "kind": "notebook",
        "path": "/a",
        "parameters": {"none": None},
    }
