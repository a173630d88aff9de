"""Where the local engine can run."""

from __future__ import annotations

import sys
from typing import Final

from jupyterlab_batch.domain.generated import Capabilities

NOT_HERE: Final = (
    "Jobs cannot run on this server: the local engine needs Linux or macOS."
    " Other gateways are not affected."
)
_UNTESTED: Final = "The local engine has not been tested on macOS."
CAPABILITIES: Final = Capabilities(
    push=True,
    history=False,
    memory_limit=True,
    walltime_limit=True,
    usage=True,
    accounts=False,
    hold=True,
    dependencies=True,
    signal=False,
    requeue=False,
    suspend=False,
    changes=[],
    task_orders=False,
    script_options=False,
)


def is_supported() -> bool:
    """Tell whether jobs can run here."""
    return sys.platform in ("linux", "darwin")


def notices() -> list[str]:
    """Return what a user should know before a job is submitted."""
    if not is_supported():
        return [NOT_HERE]
    return [] if sys.platform == "linux" else [_UNTESTED]
