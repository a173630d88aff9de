"""Jobs that wait for others, where a gateway says that they can."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.gateways.conformance.bench import Bench, When
from tests.gateways.conformance.capabilities import SHORTCOMING, proves
from tests.gateways.conformance.jobs import HELLO, UNTIL_TOLD, shell

pytestmark = pytest.mark.asyncio(loop_scope="session")
Note = Callable[[str, object], None]


def can_wait(bench: Bench, record_property: Note) -> bool:
    """Tell whether jobs can wait for others, and note it if they cannot."""
    if not bench.description.capabilities.dependencies:
        record_property(SHORTCOMING, True)
    return bench.description.capabilities.dependencies


@proves("A job waits for the end of another one, says so, and starts then")
@pytest.mark.parametrize("when", ["succeeded", "finished"])
async def test_a_job_waits_for_another(bench: Bench, record_property: Note, when: When) -> None:
    if not can_wait(bench, record_property):
        return
    first = await bench.submit(UNTIL_TOLD)
    second = await bench.submit(HELLO, first.after(when))
    await bench.executing(first)
    waiting = await bench.until(second, lambda seen: seen.reason is not None)
    assert (waiting.phase, waiting.reason) == ("QUEUED", "dependency")
    assert waiting.reason_text
    assert not second.launch.stdout_path.exists()
    (first.launch.run_directory / "go").touch()
    assert (await bench.end(second)).phase == "COMPLETED"
    assert (await bench.end(first)).phase == "COMPLETED"


@proves("A job waits for another one to fail")
async def test_a_job_waits_for_another_to_fail(bench: Bench, record_property: Note) -> None:
    if not can_wait(bench, record_property):
        return
    first = await bench.submit(shell("exit 4"))
    second = await bench.submit(HELLO, first.after("failed"))
    assert (await bench.end(second)).phase == "COMPLETED"
    assert (await bench.end(first)).phase == "ERROR"


@proves("A job that can never start because of another one ends, and says so")
async def test_what_can_never_start_ends(bench: Bench, record_property: Note) -> None:
    if not can_wait(bench, record_property):
        return
    first = await bench.submit(shell("exit 4"))
    second = await bench.submit(HELLO, first.after("succeeded"))
    third = await bench.submit(HELLO, second.after("succeeded"))
    for run in (second, third):
        end = await bench.end(run)
        assert (end.phase, end.reason, end.started_at) == ("ERROR", "dependency", None)
        assert end.reason_text
        assert not run.launch.stdout_path.exists()
