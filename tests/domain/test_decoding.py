"""What is wrong with a submission is told all at once, each at its field."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyterlab_batch.domain.decoding import MAX_INTEGER, decode_submission, parse_object
from jupyterlab_batch.domain.generated import NotebookTask, Submission
from jupyterlab_batch.domain.problems import NotJson
from tests.fakes.submissions import resources, submission

Found = list[tuple[str, str]]


def decoded(raw: dict[str, Any]) -> tuple[Submission | None, Found]:
    """Return what is made of a submission that went over the wire."""
    result, issues = decode_submission(parse_object(json.dumps(raw).encode()))
    return result, [(issue.field_, issue.code) for issue in issues]


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b'"text"', b"\xff\xfe{", b"[" * 100_000, b'{"a":' * 100_000],
    ids=lambda body: repr(body[:10]),
)
def test_what_is_no_object_is_no_json(body: bytes) -> None:
    with pytest.raises(NotJson, match="Nothing was done"):
        parse_object(body)


def test_what_is_right_has_no_issue() -> None:
    result, issues = decoded(submission())
    assert issues == []
    assert result is not None and result.spec.name == "Count"


def test_all_that_is_wrong_is_told_at_once() -> None:
    raw = submission(
        name=7,
        task={"kind": "command", "argv": ["true", 1]},
        resources={"cores": "two", "memory_bytes": 10**30, "speed": 1},
        environment={"kind": "container"},
        files={"working_directory": ["a"]},
    )
    raw["colour"] = "red"
    result, issues = decoded(raw)
    assert result is None
    assert set(issues) == {
        ("colour", "unknown_field"),
        ("spec.name", "wrong_type"),
        ("spec.task.argv[1]", "wrong_type"),
        ("spec.resources.cores", "wrong_type"),
        ("spec.resources.memory_bytes", "out_of_range"),
        ("spec.resources.walltime_seconds", "required"),
        ("spec.resources.speed", "unknown_field"),
        ("spec.environment.kind", "wrong_type"),
        ("spec.files.working_directory", "wrong_type"),
    }


@pytest.mark.parametrize(
    ("cores", "code"),
    [
        (float("nan"), "out_of_range"),
        (float("inf"), "out_of_range"),
        (-float("inf"), "out_of_range"),
        (10**30, "out_of_range"),
        (-(10**30), "out_of_range"),
        (10**400, "out_of_range"),
        (MAX_INTEGER + 1, "out_of_range"),
        (1.5, "wrong_type"),
        (True, "wrong_type"),
        (None, "wrong_type"),
        ("1", "wrong_type"),
        ([1], "wrong_type"),
    ],
    ids=repr,
)
def test_what_is_no_number_of_cores_is_told_there(cores: Any, code: str) -> None:
    _, issues = decoded(submission(resources=resources(cores=cores)))
    assert issues == [("spec.resources.cores", code)]


@pytest.mark.parametrize("cores", [0, -1, 2.0, MAX_INTEGER])
def test_a_whole_number_is_taken_and_judged_later(cores: float) -> None:
    result, issues = decoded(submission(resources=resources(cores=cores)))
    assert issues == []
    assert result is not None and result.spec.resources.cores == cores


def test_a_number_out_of_range_does_not_hide_what_else_is_wrong() -> None:
    result, issues = decoded(submission(resources=resources(cores=10**30)))
    assert issues == [("spec.resources.cores", "out_of_range")]
    assert result is not None and result.spec.resources.cores == 1


@pytest.mark.parametrize(
    "name",
    ["../x", "a\n#SBATCH -p evil", "$(id)", "\u202etxt.sh", "🔭 NGC 1068", "a\0b", "x" * 10**7],
)
def test_any_text_is_a_name_of_the_right_type(name: str) -> None:
    result, issues = decoded(submission(name=name))
    assert issues == []
    assert result is not None and result.spec.name == name


@pytest.mark.parametrize("where", ["name", "parameters", "parameter", "variable"])
def test_half_a_character_is_told(where: str) -> None:
    half = "\ud800"
    task: dict[str, Any] = {"kind": "notebook", "path": "a.ipynb"}
    raw, field = {
        "name": (submission(name=half), "spec.name"),
        "parameters": (
            submission(task={**task, "parameters": {half: 1}}),
            "spec.task.parameters",
        ),
        "parameter": (
            submission(task={**task, "parameters": {"a": [half]}}),
            "spec.task.parameters.a[0]",
        ),
        "variable": (
            submission(environment={"kind": "inherit", "variables": {half: {"value": ""}}}),
            "spec.environment.variables",
        ),
    }[where]
    result, issues = decoded(raw)
    assert result is None
    assert (field, "wrong_type") in issues


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(("depth", "is_fine"), [(50, True), (51, False), (900, False)])
def test_a_parameter_is_not_nested_too_deep(depth: int, is_fine: bool) -> None:
    task = {"kind": "notebook", "path": "a.ipynb", "parameters": {"deep": nested(depth)}}
    result, issues = decoded(submission(task=task))
    assert (result is not None) == is_fine
    assert [code for _, code in issues] == ([] if is_fine else ["wrong_type"])


def test_a_parameter_is_no_nan() -> None:
    task = {"kind": "notebook", "path": "a.ipynb", "parameters": {"a": {"b": [1, float("nan")]}}}
    result, issues = decoded(submission(task=task))
    assert result is None
    assert issues == [("spec.task.parameters.a.b[1]", "out_of_range")]


def test_the_name_of_a_field_is_not_repeated_at_any_length() -> None:
    _, issues = decoded({**submission(), "x" * 10**6: 1})
    assert [code for _, code in issues] == ["unknown_field"]
    assert len(issues[0][0]) < 200


def test_a_gateway_id_is_short() -> None:
    _, issues = decoded({**submission(), "gateway_id": "x" * 101})
    assert issues == [("gateway_id", "too_long")]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from(["gateway_id", "spec", "x"]), JSON))
def test_whatever_comes_there_is_a_submission_or_an_error(raw: dict[str, Any]) -> None:
    result, issues = decode_submission(raw)
    assert result is not None or any(issue.severity == "error" for issue in issues)
    assert all(issue.field_ and issue.message for issue in issues)


PARTS = {
    "name": JSON,
    "task": JSON
    | st.fixed_dictionaries({"kind": st.just("notebook"), "path": JSON, "parameters": JSON}),
    "resources": JSON | st.fixed_dictionaries({"cores": JSON, "memory_bytes": JSON}),
    "environment": JSON | st.fixed_dictionaries({"kind": st.just("inherit"), "variables": JSON}),
}


@given(st.sampled_from(sorted(PARTS)).flatmap(lambda name: st.tuples(st.just(name), PARTS[name])))
def test_each_issue_is_at_the_part_that_is_wrong(part: tuple[str, Any]) -> None:
    name, value = part
    result, issues = decode_submission(submission(**{name: value}))
    assert all(issue.field_.startswith(f"spec.{name}") for issue in issues)
    assert result is not None or issues


@given(
    st.dictionaries(st.text(), st.integers() | st.text() | st.booleans() | st.none(), max_size=5)
)
def test_parameters_arrive_as_they_are(parameters: dict[str, Any]) -> None:
    task = {"kind": "notebook", "path": "a.ipynb", "parameters": parameters}
    result, _ = decode_submission(submission(task=task))
    assert result is not None and isinstance(result.spec.task, NotebookTask)
    assert result.spec.task.parameters == parameters
