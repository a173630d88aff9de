"""A slurmrestd that answers nonsense, in part or as a whole: nobody stumbles over it."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_type_hints

import msgspec
import pytest

from jupyterlab_batch.domain.problems import (
    AnswerLost,
    GatewayRefused,
    GatewayUnreachable,
    NotSignedIn,
)
from jupyterlab_batch.gateways.launch import Launch
from jupyterlab_batch.gateways.observation import Observation
from jupyterlab_batch.gateways.pace import TokenBucket
from jupyterlab_batch.gateways.slurm import answers
from jupyterlab_batch.gateways.slurm.gateway import SlurmGateway
from jupyterlab_batch.gateways.slurm.records import Record
from jupyterlab_batch.gateways.slurm.transport import PUZZLES
from tests.gateways.conformance.bench import Bench
from tests.gateways.conformance.jobs import HELLO
from tests.gateways.rigs.slurm import RestRig, make_gateway
from tests.gateways.rigs.standin import Answer, StandIn, openapi, recorded

JUNK: list[Any] = [None, 7, -1, 10**30, 1e308, True, "x", "", [], {}, [None], {"set": 1}]
READERS: dict[str, Callable[[Any], Record]] = {
    "job-v0.0.38": answers.queue_record,
    "job-v0.0.44": answers.queue_record,
    "history-v0.0.38": answers.history_record,
}
BODIES: list[Any] = [
    {},
    [],
    None,
    "text",
    {"jobs": 7},
    {"jobs": {"a": 1}},
    {"jobs": [7]},
    {"jobs": [None]},
    {"jobs": [{}]},
    {"jobs": [{"job_id": {}, "job_state": {}, "state": {}}]},
    {"jobs": [{"job_id": "1", "state": ["RUNNING", 7]}]},
    {"job_id": "seven"},
    {"job_id": -1},
    {"job_id": 0},
    {"job_id": True},
    {"job_id": 2**32},
    {"job_id": 1e308},
    {"job_id": {"set": True, "infinite": True, "number": 3}},
    {"errors": 7},
    {"errors": [7, None, {}]},
    {"errors": [{"error_number": "2017"}]},
    {"meta": 7, "partitions": [{}], "nodes": [7]},
    {"meta": {"slurm": 7}, "partitions": [{"name": []}], "nodes": [{"partitions": 3}]},
    {"partitions": 7, "associations": 7, "users": [7], "status": [7]},
    b"",
    b"<html><body>Sign in</body></html>",
    b'{"jobs": [',
    b"NaN",
    b'{"job_id": NaN}',
    b'{"job_id": ' + b"9" * 5000 + b"}",
    b"[" * 200_000,
    b"\xff\xfe\x00",
]


def spoiled(value: Any) -> Iterator[Any]:
    """Yield copies of an answer, in each of which one part is junk."""
    for place in _places(value):
        for junk in JUNK:
            other = copy.deepcopy(value)
            holder = other
            for step in place[:-1]:
                holder = holder[step]
            holder[place[-1]] = junk
            yield other


def _places(value: Any) -> Iterator[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for step, one in inner:
        yield (step,)
        if isinstance(one, dict | list):
            yield from ((step, *rest) for rest in _places(one))


KEPT = {
    field: hint
    for field, hint in get_type_hints(Observation).items()
    if field not in {"tasks", "waiting"}  # of whole arrays, never of one record
}


@pytest.mark.parametrize("name", READERS)
def test_one_part_that_is_nonsense_is_not_known_or_spoils_the_answer(name: str) -> None:
    job = recorded(name)["jobs"][0]
    count = 0
    for other in spoiled(job):
        with contextlib.suppress(*PUZZLES):
            seen = READERS[name](other).observation()
            # What is taken is what the store can keep.
            for field, hint in KEPT.items():
                value = getattr(seen, field)
                assert msgspec.convert(msgspec.to_builtins(value), hint) == value
            count += 1
    assert count > 100


@pytest.fixture
def launch(request: pytest.FixtureRequest, tmp_path: Path) -> Launch:
    bench = Bench(RestRig(request, tmp_path), make_gateway("slurm", url="http://127.0.0.1:1"))
    return bench.write(HELLO)[1]


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask as fast as it goes, with a token that is as good as any."""
    bucket = TokenBucket(per_second=10**6, burst=10**6)
    monkeypatch.setattr("jupyterlab_batch.gateways.slurm.rest.TokenBucket", lambda **_: bucket)
    monkeypatch.setenv("SLURM_JWT", "no.token.at-all")


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("status", [200, 500])
@pytest.mark.parametrize("version", [38, 44])
async def test_a_whole_answer_that_is_nonsense(launch: Launch, version: int, status: int) -> None:
    for body in BODIES:
        answers_given = {"/openapi/v3": (200, openapi(version))}
        with StandIn(_always(answers_given, (status, body))) as slurmrestd:
            gateway = make_gateway("slurm", url=slurmrestd.url)
            await _bears(gateway, launch)
            await gateway.stop()


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize(
    ("number", "error"), [(104, AnswerLost), (32, AnswerLost), (111, GatewayUnreachable)]
)
async def test_a_line_to_slurmctld_that_breaks_is_no_refusal(
    launch: Launch, number: int, error: type[Exception]
) -> None:
    broken = {"errors": [{"error_number": number, "error": "Connection reset by peer"}]}
    given: dict[str, Answer] = {"/openapi/v3": (200, openapi(38))}
    with StandIn(_always(given, (500, broken))) as slurmrestd:
        gateway = make_gateway("slurm", url=slurmrestd.url)
        with pytest.raises((error, NotSignedIn)) as caught:
            await gateway.submit(launch)
        assert not isinstance(caught.value, NotSignedIn)
        await gateway.stop()


def _always(given: dict[str, Answer], otherwise: Answer) -> Callable[[str, str], Answer]:
    return lambda _, path: given.get(path, otherwise)


async def _bears(gateway: SlurmGateway, launch: Launch) -> None:
    described = await gateway.describe(fresh=True)
    assert msgspec.convert(msgspec.to_builtins(described), type(described)) == described
    for call in (
        gateway.look_at(["1"]),
        gateway.look_at(["1", "2", "3", "4", "5"]),
        gateway.list_history(["1"]),
        gateway.look_up(launch),
        gateway.cancel("1"),
        gateway.hold("1"),
        gateway.release("1"),
    ):
        with contextlib.suppress(GatewayUnreachable, NotSignedIn, GatewayRefused):
            assert await call in ([], None)
    # Whether it was taken nobody can tell, so nobody says that it was refused.
    with pytest.raises((AnswerLost, NotSignedIn)):
        await gateway.submit(launch)
