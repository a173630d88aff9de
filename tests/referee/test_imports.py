"""The referee must not share what it judges."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
SHARED = {"tests.ports"}
"""Which needs nothing itself."""
SABOTEURS = HERE / "saboteurs"


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} imports relatively"
            yield str(node.module)


def test_the_referee_imports_nothing_of_what_it_judges() -> None:
    files = [path for path in HERE.rglob("*.py") if SABOTEURS not in path.parents]
    assert len(files) > 10
    for path in files:
        for name in _imports(path):
            assert name.split(".")[0] != "jupyterlab_batch", f"{path.name} imports {name}"
            is_test = name.split(".")[0] == "tests"
            is_ours = name.startswith("tests.referee") or name in SHARED
            assert not is_test or is_ours, f"{path.name} imports {name}"
            assert not name.startswith("tests.referee.saboteurs"), f"{path.name} imports {name}"
