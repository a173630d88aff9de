"""A search finds what a look at the whole would, however the file is cut into pieces."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jupyterlab_batch.engine import logfind
from jupyterlab_batch.engine.logfind import Search

ANY = [b"ab", b"ba", b"\x00"]


@pytest.fixture
def descriptor(tmp_path: Path) -> Iterator[int]:
    opened = os.open(tmp_path / "log", os.O_RDWR | os.O_CREAT)
    yield opened
    os.close(opened)


def search(descriptor: int, *needles: bytes, limit: int = 1000, seconds: float = 60) -> Search:
    until = time.monotonic() + seconds
    return Search(descriptor, needles, fold=False, limit=limit, until=until)


def write(descriptor: int, content: bytes) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, content, 0)


def places(content: bytes, needle: bytes) -> list[int]:
    found, at = [], content.find(needle)
    while at >= 0:
        found.append(at)
        at = content.find(needle, at + len(needle))
    return found


@given(
    content=st.lists(st.sampled_from([b"a", b"b", b"\n", b"\x00", b"\xff"])).map(b"".join),
    needle=st.sampled_from([b"a", b"ab", b"bab", b"\x00\xff", b"a\nb"]),
    at=st.integers(0, 40),
    chunk=st.integers(1, 9),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_every_match_is_found_once(
    descriptor: int, content: bytes, needle: bytes, at: int, chunk: int
) -> None:
    write(descriptor, content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(logfind, "_CHUNK_BYTES", chunk)
        forwards, stopped = search(descriptor, needle).forwards(at, len(content))
        assert [offset - at for offset, _ in forwards] == places(content[at:], needle)
        assert stopped is None
        backwards, _ = search(descriptor, needle).backwards(at, len(content))
    starts = [n for n in range(min(at, len(content))) if content.startswith(needle, n)]
    assert {offset for offset, _ in backwards} <= set(starts)
    assert [offset for offset, _ in backwards[:1]] == starts[-1:]


def test_of_several_texts_the_nearest_comes_first(descriptor: int) -> None:
    write(descriptor, b"..ba..ab..\x00")
    assert search(descriptor, *ANY).forwards(0, 11)[0] == [(2, 2), (6, 2), (10, 1)]
    assert search(descriptor, *ANY).backwards(11, 11)[0] == [(10, 1), (6, 2), (2, 2)]


def test_it_stops_at_its_limit_and_goes_on_from_there(descriptor: int) -> None:
    write(descriptor, b"ab" * 5)
    first, stopped = search(descriptor, b"ab", limit=2).forwards(0, 10)
    assert (first, stopped) == ([(0, 2), (2, 2)], 4)
    assert search(descriptor, b"ab").forwards(4, 10)[0] == [(4, 2), (6, 2), (8, 2)]
    last, stopped = search(descriptor, b"ab", limit=1).backwards(10, 10)
    assert (last, stopped) == ([(8, 2)], 8)
    assert search(descriptor, b"ab", limit=1).backwards(8, 10)[0] == [(6, 2)]


def test_it_stops_when_its_time_is_over(descriptor: int) -> None:
    os.ftruncate(descriptor, 2**30)
    assert search(descriptor, b"x", seconds=-1).forwards(7, 2**30) == ([], 7)
    assert search(descriptor, b"x", seconds=-1).backwards(9, 2**30) == ([], 9)
