"""What our code adds to the start of a server and of a kernel."""

from __future__ import annotations

import compileall
import subprocess
import sys
from pathlib import Path

from bench.neighbour import TITLE, python
from bench.table import Row, quantile

PROJECT = Path(__file__).resolve().parent.parent
ROUNDS = 10
_SCRIPT = """
import time, {before}
began = time.perf_counter()
import {module}
print(time.perf_counter() - began)
"""


def measure() -> list[Row]:
    """Measure extension, the neighbour's extension, and client, in turn.

    All compiled, as pip leaves a wheel; in a checkout nobody may have done that yet.
    """
    compileall.compile_dir(PROJECT / "jupyterlab_batch", quiet=1)
    own = Path(sys.executable)
    imports = (
        ("jupyterlab_batch.extension", "jupyterlab.labapp", own),
        ("jupyter_scheduler.extension", "jupyterlab.labapp", python()),
        ("jupyterlab_batch.client.batch", "ipykernel.kernelapp", own),
    )
    rounds = [[_elapsed_ms(*one) for one in imports] for _ in range(ROUNDS)]
    server, neighbour, client = (quantile(times, 0.5) for times in zip(*rounds, strict=True))
    return [
        Row(
            "import of the server extension, on top of JupyterLab",
            f"+{server:.0f} ms",
            f"{TITLE}: +{neighbour:.0f} ms",
            "+60 ms",
        ),
        Row("import of client and magic, in a kernel", f"+{client:.0f} ms", "", "+50 ms"),
    ]


def _elapsed_ms(module: str, before: str, interpreter: Path) -> float:
    """Return the time of an import, on top of what is loaded anyway."""
    script = _SCRIPT.format(module=module, before=before)
    return float(subprocess.check_output([interpreter, "-c", script])) * 1000
