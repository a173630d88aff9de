"""Memory and time as people type them: the same table as the TypeScript twin."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyterlab_batch.client.quantities import (
    format_duration,
    format_memory,
    parse_duration,
    parse_memory,
)

GB = 1024**3
SHARED = json.loads(
    Path(__file__).parents[2].joinpath("contract/examples/quantities.json").read_text()
)


@pytest.mark.parametrize(
    ("text", "size_bytes"),
    [
        ("2GB", 2 * GB),
        ("2 gib", 2 * GB),
        ("2G", 2 * GB),
        (" 1.5 GiB ", 3 * GB // 2),
        ("500M", 500 * 1024**2),
        ("1T", 1024 * GB),
        ("3kb", 3072),
        ("100 B", 100),
        (".5K", 512),
        ("0.1B", 1),
        ("0GB", 0),
    ],
)
def test_memory(text: str, size_bytes: int) -> None:
    assert parse_memory(text) == size_bytes


@pytest.mark.parametrize("text", ["", "GB", "-1GB", "2XB", "2 G B", "1e3M", "nan", "inf GB", "²GB"])
def test_what_is_no_memory_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no amount of memory"):
        parse_memory(text)


def test_memory_without_a_unit_asks_for_one() -> None:
    with pytest.raises(ValueError, match=r"no unit\. Write 8GB or 8MB"):
        parse_memory("8")


@pytest.mark.parametrize("text", ["9007199254740992B", "1" + "0" * 30 + "GB", "9" * 400 + "G"])
def test_memory_beyond_a_whole_number_of_javascript_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="too large"):
        parse_memory(text)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90m", 5400),
        ("1h 30m", 5400),
        ("1h30m", 5400),
        ("1.5 hours", 5400),
        ("90", 5400),
        ("10:30", 630),
        ("1:30:00", 5400),
        ("1-12:00", 129600),
        ("1-12", 129600),
        ("2-00:00:05", 172805),
        ("1d 2h 3min 4s", 93784),
        ("0.1s", 1),
        ("0", 0),
        ("0m", 0),
    ],
)
def test_duration(text: str, seconds: int) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "h", "-5m", "1x", "1h soon", "1:2:3:4", "nan", "5 m m"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no time limit"):
        parse_duration(text)


@given(st.integers(0, 2**53 - 1))
def test_bytes_and_seconds_are_read_exactly(number: int) -> None:
    assert parse_memory(f"{number}B") == number


@given(st.text())
def test_any_text_is_a_number_or_a_value_error(text: str) -> None:
    for parse in (parse_memory, parse_duration):
        try:
            assert parse(text) >= 0
        except ValueError as error:
            assert str(error)


@pytest.mark.parametrize(
    ("size_bytes", "text"),
    [(0, "0 B"), (1023, "1023 B"), (1024, "1 KB"), (3 * GB // 2, "1.5 GB"), (GB - 1, "1 GB")],
)
def test_memory_for_reading(size_bytes: int, text: str) -> None:
    assert format_memory(size_bytes) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (59.9, "59 s"),
        (60, "1 min"),
        (5400, "1 h 30 min"),
        (90061, "1 d 1 h"),
        (-3, "0 s"),
    ],
)
def test_durations_for_reading(seconds: float, text: str) -> None:
    assert format_duration(seconds) == text


@pytest.mark.parametrize("quantity", ["memory", "duration"])
def test_the_table_of_both_languages(quantity: str) -> None:
    parse = {"memory": parse_memory, "duration": parse_duration}[quantity]
    for line in SHARED[quantity]:
        if line["value"] is None:
            with pytest.raises(ValueError, match=r"."):
                parse(line["text"])
        else:
            assert parse(line["text"]) == line["value"], line["text"]
