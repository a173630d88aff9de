"""`make check` names files that have grown too long, and no others."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "check.py"


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script, for a project that is still empty."""
    spec = spec_from_file_location("check_script", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "PROJECT", tmp_path)
    return module


def write(path: Path, lines: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x\n" * lines)


def test_files_that_are_too_long_are_named(check: ModuleType, tmp_path: Path) -> None:
    for name in ("style/a.css", "tests/x/a.py", ".github/scripts/a.py", "jest.config.js"):
        write(tmp_path / name, 301)
    ok, told = check.lengths()
    _, *named = told.splitlines()
    assert not ok
    assert named == [
        ".github/scripts/a.py: 301 lines",
        "jest.config.js: 301 lines",
        "style/a.css: 301 lines",
        "tests/x/a.py: 301 lines",
    ]


def test_short_generated_built_and_other_files_are_not(check: ModuleType, tmp_path: Path) -> None:
    write(tmp_path / "src/a.ts", 300)
    for name in (*check.GENERATED, "ui-tests/node_modules/a.js", "contract/openapi.yaml"):
        write(tmp_path / name, 301)
    assert check.lengths() == (True, "")


def test_only_code_of_the_scheduler_counts(check: ModuleType, tmp_path: Path) -> None:
    head = '"""Docs."""\n\nimport os\n\n\n'
    body = "def f() -> int:\n    # Why.\n    return len(\n        os.curdir\n    )\n"
    assert check.code_lines(head + body) == 4
    most = check.MOST_SCHEDULER_LINES
    for name in check.SCHEDULER:
        write(tmp_path / name, most // len(check.SCHEDULER))
    assert check.scheduler()[0]
    write(tmp_path / check.SCHEDULER[0], most)
    assert not check.scheduler()[0]
