"""Measure, and write the table into ``bench/results.md`` and the README.

With the names of some measures only those run, and their rows are printed.
"""

from __future__ import annotations

import platform
import sys
from pathlib import Path

from bench import browser, imports, refresh, submit
from bench.table import Row, put_between, to_markdown

PROJECT = Path(__file__).resolve().parent.parent
MEASURES = {
    "browser": browser.measure,
    "submit": submit.measure,
    "refresh": refresh.measure,
    "imports": imports.measure,
}


def main() -> None:
    """Run all measures, or those that are named."""
    rows: list[Row] = []
    for name in sys.argv[1:] or MEASURES:
        print(f"Measuring: {name}", flush=True)
        rows += MEASURES[name]()
    table = to_markdown(rows)
    print(table)
    if len(sys.argv) == 1:
        where = f"{platform.system()}, Python {platform.python_version()}"
        (PROJECT / "bench/results.md").write_text(
            f"# Figures\n\nBy `make bench`, {where}.\n\n{table}"
        )
        put_between(PROJECT / "README.md", table)


if __name__ == "__main__":
    main()
