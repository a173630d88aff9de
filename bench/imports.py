"""What our code adds to the start of a server and of a kernel."""

from __future__ import annotations

import subprocess
import sys

from bench.table import Row, quantile

ROUNDS = 15
_SCRIPT = """
import time, {before}
began = time.perf_counter()
import {module}
print(time.perf_counter() - began)
"""


def elapsed_ms(module: str, before: str) -> float:
    """Return the median time of an import, on top of what is loaded anyway."""
    script = _SCRIPT.format(module=module, before=before)
    seconds = [
        float(subprocess.check_output([sys.executable, "-c", script])) for _ in range(ROUNDS)
    ]
    return quantile(seconds, 0.5) * 1000


def measure() -> list[Row]:
    """Measure extension and client."""
    server = elapsed_ms("jupyterlab_batch.extension", "jupyter_server.serverapp, httpx")
    client = elapsed_ms("jupyterlab_batch.client.batch", "ipykernel.kernelapp")
    return [
        Row("import of the server extension", f"+{server:.0f} ms", "", "+60 ms"),
        Row("import of client and magic", f"+{client:.0f} ms", "", "+50 ms"),
    ]
