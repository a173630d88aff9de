"""The client works in any kernel's environment, and costs little there."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from pathlib import Path

from jupyterlab_batch.client import generated

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


def test_the_first_use_in_a_kernel_brings_little_but_our_own_modules() -> None:
    """How long that takes is measured by `make bench`."""
    out = run(
        "import IPython.core.interactiveshell, ipykernel.ipkernel",
        "before = set(sys.modules)",
        "import jupyterlab_batch.client.magics, jupyterlab_batch.client.batch",
        "print(*sorted({name.partition('.')[0] for name in set(sys.modules) - before}))",
        isolated=False,
    )
    assert set(out.split()) <= {"jupyterlab_batch", "http", "email", "unicodedata"}


def test_no_class_of_the_contract_has_its_signature_written_down_at_the_start() -> None:
    """Dataclasses do that for each that has no text, which costs a fifth of the client's import."""
    classes = [one for one in vars(generated).items() if dataclasses.is_dataclass(one[1])]
    assert len(classes) > 100
    assert [name for name, one in classes if f"{name}(" in (one.__doc__ or "")] == []
