"""What only a browser can measure; the measures themselves are in ``ui-tests/measures``."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from bench.table import Row

PROJECT = Path(__file__).resolve().parent.parent
FIGURES = PROJECT / "test-reports/measures"
TITLES = {
    "local": "process end to painted row, this machine",
    "slurm-rest": "the same, Slurm by REST",
    "slurm-cli": "the same, Slurm by tools",
}
BUDGETS = {
    "local": "p50 100 ms, p95 250 ms",
    "slurm-rest": "p95 1.5 s",
    "slurm-cli": "p95 1.5 s",
}


def measure() -> list[Row]:
    """Run the browser's measures and read what they left."""
    subprocess.run(
        ["jlpm", "playwright", "test", "--config", "playwright.measures.config.ts"],
        cwd=PROJECT / "ui-tests",
        check=True,
    )
    return [*_start_up(), *_pixel(), *_calls()]


def _figures(name: str) -> dict[str, float] | None:
    path = FIGURES / f"{name}.json"
    return json.loads(path.read_text()) if path.exists() else None


def _start_up() -> list[Row]:
    found = _figures("start-up")
    if found is None:
        return []
    ours, neighbour = found["ours_gzip_bytes"], found["scheduler_gzip_bytes"]
    return [
        Row(
            "scripts before JupyterLab is usable, gz",
            f"{ours / 1024:.1f} KiB",
            f"jupyter-scheduler 2.12.1: {neighbour / 1024:.0f} KiB",
            "12 KiB",
        )
    ]


def _pixel() -> list[Row]:
    rows = []
    for name, title in TITLES.items():
        found = _figures(f"pixel-{name}")
        if found:
            times = f"p50 {found['p50_ms']:.0f} ms, p95 {found['p95_ms']:.0f} ms"
            rows.append(Row(title, times, "", BUDGETS[name]))
    return rows


def _calls() -> list[Row]:
    found = _figures("calls")
    if found is None:
        return []
    return [
        Row(
            "calls of Slurm's tools in a minute, 20 tabs",
            f"{found['twenty_tabs']:.0f}",
            f"1 tab: {found['one_tab']:.0f}",
            "+5 %",
        )
    ]
