"""A kernel of a real server, and what comes of its cells."""

from __future__ import annotations

import time
from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient

KERNEL_SECONDS = 300


def await_kernel(client: BlockingKernelClient) -> None:
    """Wait until a kernel answers; to its client, one whose heart is late seems dead."""
    give_up_at = time.monotonic() + KERNEL_SECONDS
    while True:
        try:
            client.wait_for_ready(timeout=60)
        except RuntimeError:
            if time.monotonic() > give_up_at:
                raise
        else:
            return


def run(kernel: BlockingKernelClient, code: str) -> dict[str, Any]:
    """Return the last output of a cell, by its kind of message."""
    outputs: dict[str, Any] = {}

    def keep(message: dict[str, Any]) -> None:
        outputs[message["msg_type"]] = message["content"]

    kernel.execute_interactive(code, output_hook=keep, timeout=60)
    assert "error" not in outputs, outputs["error"]
    return outputs
