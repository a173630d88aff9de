"""The client works in any kernel's environment, and costs little there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run(*code: str, isolated: bool) -> str:
    flags = ["-I", "-S"] if isolated else []
    lines = "\n".join([f"import sys; sys.path.insert(0, {str(ROOT)!r})", *code])
    done = subprocess.run(
        [sys.executable, *flags, "-c", lines], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_one_folder_on_the_path_is_enough() -> None:
    """Without site-packages nothing but the standard library can be imported."""
    out = run(
        "from jupyterlab_batch.client import Batch, BatchError, BatchJob",
        "from jupyterlab_batch.client import server",
        "try: server.find_server({'HOME': '/nonexistent'})",
        "except BatchError as error: print(error.code)",
        isolated=True,
    )
    assert out == "server_not_found\n"


def test_loading_the_magics_imports_no_client() -> None:
    out = run(
        "import IPython.core.magic",
        "before = set(sys.modules)",
        "import jupyterlab_batch.client.magics",
        "print(sorted(set(sys.modules) - before))",
        isolated=False,
    )
    assert "jupyterlab_batch.client.magics" in out
    assert "jupyterlab_batch.client.batch" not in out
    assert "http.client" not in out


def test_the_first_use_of_a_notebook_stays_within_its_budget() -> None:
    """At most 50 ms on top of a running kernel; the least of a few runs, as other work disturbs."""
    code = (
        "import time, IPython.core.interactiveshell, ipykernel.ipkernel",
        "begin = time.perf_counter()",
        "import jupyterlab_batch.client.magics, jupyterlab_batch.client.batch",
        "print(1000 * (time.perf_counter() - begin))",
    )
    assert min(float(run(*code, isolated=False)) for _ in range(3)) < 50
