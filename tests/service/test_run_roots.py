"""A gateway may have a run root of its own, and its machines other paths than the server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jupyterlab_batch.service.batch import BatchService
from tests.fakes.gateway import FakeGateway
from tests.fakes.submissions import submission
from tests.service.conftest import Make
from tests.service.waiting import send

OTHER = "key-of-another-submission"


def there() -> dict[str, Any]:
    return {**submission(), "gateway_id": "far"}


class FarGateway(FakeGateway):
    """Its machines see the server's folders under ``/far``."""

    def node_path(self, path: Path) -> Path:
        return Path(f"/far{path}")


@pytest.fixture
def far(tmp_path: Path) -> FarGateway:
    return FarGateway(gateway_id="far", title="Far", run_root=str(tmp_path / "scratch"))


@pytest.fixture
async def both(make: Make, gateway: FakeGateway, far: FarGateway) -> BatchService:
    service = make(gateway, far)
    await service.start()
    return service


async def test_each_has_its_run_directories_where_it_wants_them(
    both: BatchService, asked: dict[str, Any], root: Path, tmp_path: Path
) -> None:
    near = await send(both, asked)
    away = await send(both, there(), OTHER)
    assert Path(near.run_directory).parent == root / "batch-jobs"
    assert Path(away.run_directory).parent == tmp_path / "scratch"
    listed = await both.run_directories.window(cursor=None, limit=10)
    assert {row.path for row in listed.rows} == {near.run_directory, away.run_directory}
    assert listed.cursor is None


async def test_what_runs_names_the_paths_of_the_machine_that_runs_it(
    both: BatchService, far: FarGateway
) -> None:
    record = await send(both, there())
    (launch,) = far.launches
    assert str(launch.run_directory) == f"/far{record.run_directory}"
    assert launch.stdout_path == launch.run_directory / "stdout.log"
    script = Path(record.run_directory, "run.sh").read_text()
    assert script == launch.script_text
    assert f"'/far{record.run_directory}'" in script
    assert f"'{record.run_directory}'" not in script


async def test_a_store_that_was_lost_is_made_again_from_both(
    both: BatchService, make: Make, gateway: FakeGateway, far: FarGateway, asked: dict[str, Any]
) -> None:
    jobs = [await send(both, asked), await send(both, there(), OTHER)]
    await both.stop()
    both.store.path.unlink()
    again = make(gateway, far)
    await again.start()
    assert [await again.store.get(job.id) for job in jobs].count(None) == 0
