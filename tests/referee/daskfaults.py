"""What goes wrong at a Dask Gateway: how it begins, and how it is mended."""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import Final

from tests.referee.daskgateway import DaskGateway
from tests.referee.slurmfaults import Step, Trouble


def _on_gateway(do: Callable[[DaskGateway], object]) -> Step:
    return lambda site, _: site.dask is not None and do(site.dask) is not False


DASK_TROUBLES: Final[dict[str, Trouble]] = {
    "dask gateway": Trouble(begin=_on_gateway(DaskGateway.kill), end=_on_gateway(DaskGateway.up)),
    "dask gateway stopped": Trouble(
        begin=_on_gateway(lambda gateway: gateway.send(signal.SIGSTOP)),
        end=_on_gateway(lambda gateway: gateway.send(signal.SIGCONT)),
    ),
}
