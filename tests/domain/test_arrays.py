"""The tasks of arrays: which there are, and what varies from one to the next."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyterlab_batch.domain.arrays import (
    MAX_ARRAY_SIZE,
    Array,
    all_parameters,
    array_size,
    parameters_of,
    task_indices,
    text_of,
)
from jupyterlab_batch.domain.generated import (
    IndexArray,
    ListArray,
    ParameterArray,
    ParameterValues,
)

TWO = ParameterValues(values=["a", "b"])
THREE = ParameterValues(start=5, stop=9, step=2)


@pytest.mark.parametrize(
    ("array", "indices"),
    [
        (IndexArray(start=0, stop=3), [0, 1, 2, 3]),
        (IndexArray(start=2, stop=9, step=3), [2, 5, 8]),
        (IndexArray(start=4, stop=4), [4]),
        (IndexArray(start=4, stop=3), []),
        (IndexArray(start=0, stop=3, step=0), []),
        (IndexArray(start=0, stop=99, only=[7, 3, 100]), [3, 7]),
        (IndexArray(start=0, stop=9, step=2, only=[3, 4]), [4]),
        (ListArray(indices=[7, 0, 3]), [7, 0, 3]),
        (ListArray(indices=[7, 0, 3], only=[3, 7]), [7, 3]),
        (ListArray(indices=[]), []),
        (ParameterArray(mode="product", parameters={"x": TWO, "y": THREE}), [0, 1, 2, 3, 4, 5]),
        (ParameterArray(mode="zip", parameters={"x": TWO, "y": TWO}), [0, 1]),
        (ParameterArray(mode="zip", parameters={}), []),
        (ParameterArray(mode="product", parameters={"x": TWO}, only=[1]), [1]),
    ],
)
def test_which_tasks_there_are(array: Array, indices: list[int]) -> None:
    assert list(task_indices(array)) == indices


@pytest.mark.parametrize("only", [None, [], [1]])
@pytest.mark.parametrize(
    "array",
    [
        IndexArray(start=0, stop=2**64 - 1),
        IndexArray(start=-5, stop=2**64 - 1),
        ParameterArray(
            mode="product",
            parameters={name: ParameterValues(start=0, stop=2**63) for name in "abc"},
        ),
        ParameterArray(mode="zip", parameters={"x": ParameterValues(start=0, stop=2**63)}),
    ],
)
def test_what_nobody_can_count_is_told_at_once(array: Array, only: list[int] | None) -> None:
    array = msgspec.structs.replace(array, only=only)
    assert array_size(array) > MAX_ARRAY_SIZE
    if only:
        assert list(task_indices(array)) == only
        assert set(parameters_of(array, 1).values()) <= {0, 1}


@pytest.mark.parametrize(
    ("mode", "rows"),
    [
        (
            "product",
            [
                {"x": "a", "y": 5},
                {"x": "a", "y": 7},
                {"x": "a", "y": 9},
                {"x": "b", "y": 5},
                {"x": "b", "y": 7},
                {"x": "b", "y": 9},
            ],
        ),
        ("zip", [{"x": "a", "y": 5}, {"x": "b", "y": 7}]),
    ],
)
def test_what_varies(mode: Any, rows: list[dict[str, Any]]) -> None:
    array = ParameterArray(mode=mode, parameters={"x": TWO, "y": THREE})
    assert [dict(row) for row in all_parameters(array)] == rows


COLUMNS = st.dictionaries(
    st.sampled_from("abcd"),
    st.lists(st.integers() | st.text(max_size=3), min_size=1, max_size=4),
    min_size=1,
)


@given(st.sampled_from(["product", "zip"]), COLUMNS)
def test_one_task_is_as_it_is_among_all(mode: Any, columns: dict[str, list[Any]]) -> None:
    values = {name: ParameterValues(values=column) for name, column in columns.items()}
    array = ParameterArray(mode=mode, parameters=values)
    rows = [dict(row) for row in all_parameters(array)]
    assert len(rows) == array_size(array) == len(task_indices(array))
    assert [parameters_of(array, index) for index in task_indices(array)] == rows
    assert all(list(row) == list(columns) for row in rows)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("it's", "it's"),
        (3, "3"),
        (0.5, "0.5"),
        (True, "true"),
        (None, ""),
        ([1, "é"], '[1, "é"]'),
    ],
)
def test_values_as_text(value: Any, text: str) -> None:
    assert text_of(value) == text
