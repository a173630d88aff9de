"""Ids that order by time, and a digest that is the same for the same submission alone."""

from __future__ import annotations

import json
import random
from datetime import datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyterlab_batch.domain.decoding import decode_submission
from jupyterlab_batch.domain.generated import JobId, Submission
from jupyterlab_batch.domain.identifiers import KEY_PATTERN, digest_of, new_job_id
from tests.fakes.submissions import resources, submission

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=timezone.utc)


def digest(raw: dict[str, Any]) -> str:
    result, _ = decode_submission(raw)
    assert result is not None
    return digest_of(result)


def shuffled(value: Any, order: random.Random) -> Any:
    """Return the same JSON with the keys of all objects in another order."""
    if isinstance(value, dict):
        items = [(key, shuffled(inner, order)) for key, inner in value.items()]
        order.shuffle(items)
        return dict(items)
    return [shuffled(inner, order) for inner in value] if isinstance(value, list) else value


@given(st.randoms(use_true_random=False), st.dictionaries(st.text(), st.integers(), max_size=8))
def test_the_order_of_keys_does_not_matter(
    order: random.Random, parameters: dict[str, int]
) -> None:
    raw = submission(
        task={
            "kind": "notebook",
            "path": "a.ipynb",
            "parameters": {**parameters, "x": {"b": 1, "a": 2}},
        },
        environment={"kind": "inherit", "variables": {"A": {"value": "1"}, "B": {"value": "2"}}},
    )
    assert digest(raw) == digest(shuffled(raw, order))


@pytest.mark.parametrize(
    "other",
    [
        submission(name="Other"),
        submission(task={"kind": "command", "argv": ["true", ""]}),
        submission(resources=resources(cores=2)),
        submission(placement={"queue": "main"}),
        {**submission(), "gateway_id": "slurm"},
    ],
)
def test_any_difference_is_another_digest(other: dict[str, Any]) -> None:
    assert digest(other) != digest(submission())


def test_what_is_stored_has_the_digest_of_what_was_sent() -> None:
    result, _ = decode_submission(
        submission(task={"kind": "notebook", "path": "a", "parameters": {"a": 1.0}})
    )
    assert result is not None
    stored = msgspec.json.decode(msgspec.json.encode(result), type=Submission)
    assert digest_of(stored) == digest_of(result)
    assert json.loads(msgspec.json.encode(result)) == json.loads(msgspec.json.encode(stored))


def test_a_job_id_is_what_the_contract_says() -> None:
    assert msgspec.convert(new_job_id(NOW), JobId)


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2200, 1, 1)),
    st.timedeltas(timedelta(milliseconds=1), timedelta(days=999)),
)
def test_ids_order_by_time(earlier: datetime, later: timedelta) -> None:
    first = earlier.replace(tzinfo=timezone.utc)
    assert new_job_id(first) < new_job_id(first + later)


def test_ids_of_one_moment_differ() -> None:
    assert len({new_job_id(NOW) for _ in range(1000)}) == 1000


@pytest.mark.parametrize(
    ("key", "is_fine"),
    [
        ("a" * 16, True),
        ("A-_9" * 16, True),
        ("a" * 15, False),
        ("a" * 65, False),
        ("a" * 16 + "\n", False),
        ("a" * 15 + "é", False),
        ("../../etc/passwd0", False),
    ],
)
def test_a_key_is_a_plain_word(key: str, is_fine: bool) -> None:
    assert bool(KEY_PATTERN.fullmatch(key)) == is_fine
