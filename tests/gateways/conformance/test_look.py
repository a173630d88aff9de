"""Finding jobs again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone

import pytest
from msgspec.structs import replace

from jupyterlab_batch.gateways.observation import Gone
from tests.gateways.conformance.bench import Bench
from tests.gateways.conformance.capabilities import SHORTCOMING, proves
from tests.gateways.conformance.jobs import HELLO

pytestmark = pytest.mark.asyncio(loop_scope="session")


@proves("Our tag is shown back")
async def test_the_tag_is_shown_back(
    bench: Bench, record_property: Callable[[str, object], None]
) -> None:
    run = bench.jobs["hello"]
    if not bench.rig.shows_tags:
        record_property(SHORTCOMING, True)
        assert (await bench.end(run)).tag != run.launch.tag
        return
    assert (await bench.end(run)).tag == run.launch.tag


@proves("A job is found by its tag, also when it is over")
async def test_a_job_is_found_by_its_tag(bench: Bench) -> None:
    for name in ("exits", "tells"):
        run = bench.jobs[name]
        end = await bench.end(run)
        found = await bench.gateway.look_up(replace(run.launch, script_text=""))
        assert found is not None
        assert (found.native_id, found.phase) == (run.native_id, end.phase)
        assert found.exit_code in {end.exit_code, None}  # a history may not tell


@proves("A tag of no job finds none")
async def test_an_unknown_tag_finds_nothing(bench: Bench) -> None:
    _, launch = bench.write(HELLO)
    assert await bench.gateway.look_up(launch) is None


@proves("Many jobs are looked at in one go; unknown ones are left out")
async def test_many_are_looked_at_at_once(bench: Bench) -> None:
    runs = [bench.jobs[name] for name in ("hello", "exits", "dies", "tells")]
    ends = {run.native_id: await bench.end(run) for run in runs}
    found = await bench.gateway.look_at([*ends, bench.rig.unknown_native_id])
    assert {one.native_id: one.phase for one in found} == {
        native_id: end.phase for native_id, end in ends.items()
    }
    assert await bench.gateway.look_at([]) == []


@proves("A job that is nowhere is told to be gone")
async def test_a_job_that_is_nowhere_is_gone(bench: Bench) -> None:
    native_id = bench.rig.unknown_native_id
    bench.track(native_id, "jlb:" + "0" * 26, datetime.now(timezone.utc))
    await bench.wait_for(lambda: Gone(native_id=native_id) in bench.events)
