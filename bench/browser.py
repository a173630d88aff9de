"""What only a browser can measure; the measures themselves are in ``ui-tests/measures``."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

from bench.neighbour import DASK_TITLE, SLURM_TITLE, TITLE
from bench.table import Row

PROJECT = Path(__file__).resolve().parent.parent
FIGURES = PROJECT / "test-reports/measures"
GATEWAYS = {
    "local": ("a process ends → painted row, this machine", "p50 100, p95 250 ms"),
    "slurm-rest": ("a process ends → painted row, Slurm by REST", "p95 1.5 s"),
    "slurm-cli": ("a process ends → painted row, Slurm by tools", "p95 1.5 s"),
}
Figures = dict[str, float]


def measure() -> list[Row]:
    """Run the browser's measures and read what they left."""
    shutil.rmtree(FIGURES, ignore_errors=True)
    subprocess.run(
        ["jlpm", "playwright", "test", "--config", "playwright.measures.config.ts"],
        cwd=PROJECT / "ui-tests",
        check=True,
    )
    found = {path.stem: json.loads(path.read_text()) for path in FIGURES.glob("*.json")}
    return [
        _start_up(found["start-up"]),
        *(
            Row(
                title,
                _times(found[f"pixel-{name}"]),
                _queue(found) if name == "slurm-cli" else "",
                budget,
            )
            for name, (title, budget) in GATEWAYS.items()
            if f"pixel-{name}" in found
        ),
        _notebook(found["notebook"], found["notebook-scheduler"]),
        *([_calls(found["calls"])] if "calls" in found else []),
        Row(
            "a worker ends → painted row of its cluster, this machine",
            _times(found["cluster-pixel"]),
            "",
            "p95 500 ms",
        ),
        *_clusters(found),
        _first_rows(found["first-rows"], found["first-rows-scheduler"], found["first-rows-slurm"]),
        *_tables(found["table-100000"], found["table-1000"]),
        Row(
            "the map of 100,000 tasks, drawn again",
            _times(found["task-map"]),
            f"first, with its scripts and all states: {found['task-map']['first_ms']:.0f} ms",
            "100 ms",
        ),
        Row(
            "a key that makes a field wrong → the field says so",
            _times(found["form-problem"]),
            "",
            "100 ms",
        ),
        _logs(found["log-3GB"], found["log-3kB"]),
    ]


def _times(figures: Figures) -> str:
    return f"p50 {figures['p50_ms']:.0f} ms, p95 {figures['p95_ms']:.0f} ms"


def _start_up(figures: Figures) -> Row:
    ours = figures["ours_gzip_bytes"]
    beside = (
        f"{title}: {figures[name] / 1024:.0f} KiB, {figures[name] / ours:.0f} times"
        for title, name in ((TITLE, "scheduler_gzip_bytes"), (SLURM_TITLE, "slurm_gzip_bytes"))
    )
    return Row(
        "scripts before JupyterLab is usable, gzip",
        f"{ours / 1024:.1f} KiB",
        "; ".join(beside),
        "12 KiB",
    )


def _queue(found: dict[str, Figures]) -> str:
    """How long the neighbour takes, by default and when it reads as often as it can be told to."""
    default, often = found["pixel-queue-60"], found["pixel-queue-5"]
    return f"{SLURM_TITLE}, row gone: {_seconds(default)}; told to read every 5 s {_seconds(often)}"


def _seconds(figures: Figures) -> str:
    return f"p50 {figures['p50_ms'] / 1000:.1f} s, p95 {figures['p95_ms'] / 1000:.1f} s"


def _first_rows(ours: Figures, scheduler: Figures, slurm: Figures) -> Row:
    return Row(
        "a press → first rows of 10,000 jobs",
        _times(ours),
        f"{TITLE}: {_times(scheduler)}; {SLURM_TITLE}, whose squeue prints a file:"
        f" {_times(slurm)}, and it reads {slurm['refresh_bytes'] / 1000:.0f} kB at each refresh",
        "",
    )


def _notebook(ours: Figures, neighbour: Figures) -> Row:
    seconds = neighbour["untouched_ms"] / 1000
    if neighbour["untouched_seen"]:
        untouched = f"{seconds:.1f} s"
    else:
        untouched = f"not within {seconds:.0f} s, its list does not refresh by itself"
    pressed = (
        f"with Reload pressed every 5 s p50 {neighbour['p50_ms'] / 1000:.1f} s, "
        f"p95 {neighbour['p95_ms'] / 1000:.1f} s"
    )
    return Row(
        "a notebook's last cell ends → painted row, this machine",
        _times(ours),
        f"{TITLE}: {untouched}; {pressed}",
        "",
    )


def _calls(figures: Figures) -> Row:
    one, twenty = figures["one_tab"], figures["twenty_tabs"]
    return Row(
        "calls of Slurm's tools in a minute, 20 tabs",
        f"{twenty:.1f}",
        f"1 tab: {one:.1f}; {twenty / one - 1:+.0%}",
        "+5 %",
    )


def _clusters(found: dict[str, Figures]) -> list[Row]:
    gateway, calls, scripts = (
        found["gateway-pixel"],
        found["gateway-calls"],
        found["cluster-scripts"],
    )
    interval = gateway["interval_ms"] / 1000
    loaded = scripts["section_gzip_bytes"] + scripts["form_gzip_bytes"]
    workers = found["cluster-workers"]
    return [
        Row(
            "a scheduler counts other workers → painted row of its cluster, Dask Gateway",
            _times(gateway),
            f"asked every {interval:g} s",
            f"{interval + 0.5:g} s",
        ),
        Row(
            "lists that are asked of a Dask Gateway in a minute, 20 tabs",
            f"{calls['twenty_tabs']:.0f}, and {calls['twenty_tabs_counts']:.0f} of `counts.json`",
            f"1 tab: {calls['one_tab']:.0f}, and {calls['one_tab_counts']:.0f}",
            "as many as with 1 tab",
        ),
        Row(
            "longest task of the browser while the page of a cluster with 200 workers is drawn"
            " again 10 times and scrolled through; a script speaks for the scheduler",
            _longest(workers),
            f"{workers['busy_ms']:.0f} ms each time",
            "50 ms",
        ),
        Row(
            "scripts of Dask clusters, list and form, loaded when they are opened, gzip",
            f"{loaded / 1024:.1f} KiB",
            f"{DASK_TITLE}, before JupyterLab is usable:"
            f" {scripts['dask_gzip_bytes'] / 1024:.0f} KiB",
            "0 before",
        ),
    ]


def _tables(large: Figures, small: Figures) -> list[Row]:
    return [
        Row(
            "a press → first rows of the table of 100,000 jobs",
            _times(large),
            f"1,000 jobs: {_times(small)}; {large['p50_ms'] / small['p50_ms']:.1f} times",
            "1.5 times",
        ),
        Row(
            "longest task of the browser while that table is paged through 60 times",
            f"{_longest(large)}; {large['elements']:.0f} elements",
            f"1,000 jobs: {_longest(small)}; {small['elements']:.0f} elements",
            "50 ms",
        ),
        Row(
            "median frame while that table is paged through, and what each page costs the browser",
            f"{large['frame_ms']:.1f} ms; {large['busy_ms']:.0f} ms",
            f"where there is nothing: {large['empty_frame_ms']:.1f} ms;"
            f" {large['empty_busy_ms']:.0f} ms",
            "2 times its frame",
        ),
    ]


def _longest(figures: Figures) -> str:
    """Browsers tell of no task that is shorter."""
    longest = figures["longest_task_ms"]
    return f"{longest:.0f} ms, {figures['long_tasks']:.0f} above 50" if longest else "below 50 ms"


def _logs(large: Figures, small: Figures) -> Row:
    return Row(
        "a press on a job → the end of its log of 3 GB",
        _times(large),
        f"of 3 kB: {_times(small)}; {large['p50_ms'] / small['p50_ms']:.1f} times",
        "",
    )
