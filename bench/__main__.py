"""Measure, and write the table into ``bench/results.md`` and the README.

With the names of some measures only those run, and their rows are printed.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path

from bench import browser, clusters, engine, imports, load, neighbour, refresh, slurm, submit
from bench.table import Row, put_between, to_markdown

PROJECT = Path(__file__).resolve().parent.parent
MEASURES = {
    "browser": browser.measure,
    "submit": submit.measure,
    "engine": engine.measure,
    "slurm": slurm.measure,
    "clusters": clusters.measure,
    "load": load.measure,
    "refresh": refresh.measure,
    "imports": imports.measure,
}


def main() -> None:
    """Run all measures, or those that are named."""
    rows: list[Row] = []
    for name in sys.argv[1:] or MEASURES:
        print(f"Measuring: {name}", flush=True)
        began = time.monotonic()
        found = MEASURES[name]()
        print(to_markdown(found))
        rows += found
        print(f"Measured: {name}, {time.monotonic() - began:.0f} s", flush=True)
    table = to_markdown(rows)
    print(table)
    if len(sys.argv) == 1:
        _write(table)


def _write(table: str) -> None:
    results, readme = PROJECT / "bench/results.md", PROJECT / "README.md"
    results.write_text(f"# Figures\n\n{_where()}\n\n{table}")
    put_between(readme, table, mark="figures")
    subprocess.run(["jlpm", "prettier", "--write", results, readme], cwd=PROJECT, check=True)


def _where() -> str:
    parts = [
        f"{os.cpu_count()} cores",
        f"{platform.system()} {platform.machine()}",
        f"Python {platform.python_version()}",
        f"JupyterLab {version('jupyterlab')}",
        f"jupyter-scheduler {neighbour.version()}",
        f"jupyterlab-slurm {neighbour.slurm_version()}",
    ]
    today = datetime.now(timezone.utc).date()
    return f"By `make bench` on {today}: {', '.join(parts)}. Every row is of one run."


if __name__ == "__main__":
    main()
