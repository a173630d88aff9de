"""Run all checks of the source: formats, lints, types, floors, lengths, drift of the contract.

Every check runs, also after one failed. ``--junit FILE`` leaves a report for `run_tests`.
"""

from __future__ import annotations

import argparse
import ast
import filecmp
import io
import os
import subprocess
import sys
import tempfile
import time
import tokenize
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

PROJECT = Path(__file__).resolve().parent.parent
PYTHON_SOURCES = ["jupyterlab_batch", "tests", "scripts", "bench", "examples", ".github/scripts"]
GENERATED = [
    "src/model/generated/contract.ts",
    "jupyterlab_batch/domain/generated.py",
    "jupyterlab_batch/client/generated.py",
]
WRITTEN = [*PYTHON_SOURCES, "contract", "src", "style", "ui-tests"]
"""Folders with code and styles that people write, beside the files at the top."""
CODE = {".css", ".js", ".mjs", ".py", ".sh", ".ts", ".tsx"}
BUILT = {"labextension", "node_modules"}
MOST_LINES = 300
SCHEDULER = [
    f"jupyterlab_batch/engine/{name}.py"
    for name in ("supervisor", "queue", "journal", "admission", "arrays", "running", "execution")
]
"""What decides on this machine which job starts when, and how it ended: one story, to be read
in one go."""
MOST_SCHEDULER_LINES = 900
_NO_CODE = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}


@dataclass(frozen=True)
class Verdict:
    """How one check ended."""

    name: str
    ok: bool
    output: str
    elapsed_seconds: float


def command(*argv: str) -> Callable[[], tuple[bool, str]]:
    """Return a check that passes when a program does."""

    def run() -> tuple[bool, str]:
        done = subprocess.run(
            argv,
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.returncode == 0, done.stdout

    return run


def contract() -> tuple[bool, str]:
    """Check that the committed types are those of the contract."""
    with tempfile.TemporaryDirectory() as folder:
        ok, output = command("contract/generate.sh", folder)()
        if not ok:
            return False, output
        stale = [
            path
            for path in GENERATED
            if not filecmp.cmp(PROJECT / path, Path(folder) / path, shallow=False)
        ]
    if stale:
        return False, "Run `make generate`: not what the contract says: " + ", ".join(stale)
    return True, ""


def lengths() -> tuple[bool, str]:
    """Check that every file that people write is short enough to be about one thing."""
    files = [path for path in PROJECT.iterdir() if path.is_file()]
    for folder in WRITTEN:
        files += (PROJECT / folder).rglob("*")
    too_long = []
    for path in sorted(files):
        name = path.relative_to(PROJECT)
        is_built = str(name) in GENERATED or not BUILT.isdisjoint(name.parts)
        if path.suffix in CODE and path.is_file() and not is_built:
            count = path.read_text(encoding="utf-8").count("\n")
            if count > MOST_LINES:
                too_long.append(f"{name}: {count} lines")
    if too_long:
        advice = f"A file of more than {MOST_LINES} lines is about two things: give one its own."
        return False, "\n".join([advice, *too_long])
    return True, ""


def scheduler() -> tuple[bool, str]:
    """Check that the scheduler of this machine is short: it is not to become another Slurm."""
    count = sum(code_lines((PROJECT / name).read_text(encoding="utf-8")) for name in SCHEDULER)
    told = f"{', '.join(SCHEDULER)}: {count} of at most {MOST_SCHEDULER_LINES} lines of code"
    return count <= MOST_SCHEDULER_LINES, told


def code_lines(source: str) -> int:
    """Return how many lines do something: no comment, docstring, import or blank line."""
    tree = ast.parse(source)
    others: set[int] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant(value=str())) | ast.Import() | ast.ImportFrom():
                others.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in _NO_CODE:
            lines.update(range(token.start[0], token.end[0] + 1))
    return len(lines - others)


def checks() -> dict[str, Callable[[], tuple[bool, str]]]:
    """Return all checks by name, the slowest first."""
    sources = [path for path in PYTHON_SOURCES if (PROJECT / path).exists()]
    return {
        "mypy": command("mypy"),
        "mypy (scripts, bench)": command("mypy", "--explicit-package-bases", "scripts", "bench"),
        # Prettier looks by itself at all files, below.
        "eslint": command("jlpm", "eslint:check", "--rule", "prettier/prettier: off"),
        "prettier": command("jlpm", "prettier:check"),
        "tsc": command("jlpm", "tsc", "--noEmit", "-p", "tsconfig.json"),
        "tsc (tests)": command("jlpm", "tsc", "-p", "tsconfig.test.json"),
        "tsc (journeys)": command("jlpm", "tsc", "--noEmit", "-p", "ui-tests/tsconfig.json"),
        "stylelint": command("jlpm", "stylelint:check"),
        "contract": contract,
        "floors": command("lint-imports"),
        "authentication": command(sys.executable, ".github/scripts/check_auth.py"),
        "ruff format": command("ruff", "format", "--check", *sources),
        "ruff": command("ruff", "check", *sources),
        "lengths": lengths,
        "scheduler": scheduler,
    }


def verdict_of(name: str, check: Callable[[], tuple[bool, str]]) -> Verdict:
    """Run one check."""
    began = time.monotonic()
    ok, output = check()
    verdict = Verdict(name, ok, output, time.monotonic() - began)
    print(f"{'ok    ' if ok else 'FAILED'} {name} ({verdict.elapsed_seconds:.0f} s)", flush=True)
    return verdict


def write_report(path: Path, verdicts: list[Verdict]) -> None:
    """Write the verdicts as JUnit XML."""
    failed = sum(not verdict.ok for verdict in verdicts)
    suite = ElementTree.Element(
        "testsuite", name="checks", tests=str(len(verdicts)), failures=str(failed)
    )
    for verdict in verdicts:
        case = ElementTree.SubElement(
            suite, "testcase", name=verdict.name, time=f"{verdict.elapsed_seconds:.3f}"
        )
        if not verdict.ok:
            ElementTree.SubElement(case, "failure", message="see the console")
    ElementTree.ElementTree(suite).write(path, encoding="utf-8")


def main() -> int:
    """Run the checks that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="only these checks")
    parser.add_argument("--junit", type=Path, help="write a report")
    options = parser.parse_args()
    wanted = {
        name: check
        for name, check in checks().items()
        if not options.names or name in options.names
    }
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        verdicts = list(pool.map(verdict_of, wanted.keys(), wanted.values()))
    for verdict in verdicts:
        if not verdict.ok:
            print(f"\n--- {verdict.name}\n{verdict.output}", flush=True)
    if options.junit:
        write_report(options.junit, verdicts)
    return 0 if all(verdict.ok for verdict in verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
