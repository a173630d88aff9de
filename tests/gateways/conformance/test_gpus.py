"""GPUs by count, where a gateway says that they can be asked for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from jupyterlab_batch.domain.problems import GatewayRefused
from tests.gateways.conformance.bench import Bench, Run
from tests.gateways.conformance.capabilities import SHORTCOMING, proves
from tests.gateways.conformance.jobs import Asked

pytestmark = pytest.mark.asyncio(loop_scope="session")
Note = Callable[[str, object], None]


@proves("Jobs get as many GPUs as they ask for, each to itself")
async def test_jobs_have_gpus_to_themselves(bench: Bench, record_property: Note) -> None:
    limits = bench.description.limits
    if not limits.max_gpus or limits.max_gpus < 2:
        record_property(SHORTCOMING, True)
        return
    script = 'echo begun "$CUDA_VISIBLE_DEVICES"; sleep 607'
    runs = [await bench.submit(Asked(argv=("sh", "-c", script), gpus=1)) for _ in range(2)]
    for run in runs:
        await bench.executing(run)
    assert len({gpu_of(run) for run in runs}) == 2
    with pytest.raises(GatewayRefused) as refused:
        await bench.submit(Asked(argv=("true",), gpus=limits.max_gpus + 1))
    assert refused.value.field == "spec.resources.gpus"
    for run in runs:
        await bench.gateway.cancel(run.native_id)
        await bench.end(run)


def gpu_of(run: Run) -> str:
    """Return the one GPU of a job."""
    _, gpu = run.stdout.split()
    return gpu
