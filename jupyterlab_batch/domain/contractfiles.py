"""Where the contract lies: beside the package in a checkout, inside it in a wheel."""

from __future__ import annotations

from pathlib import Path


def contract_file(name: str) -> Path:
    """Return the path of one file of the contract.

    Raises
    ------
    FileNotFoundError
        The package was installed without it.
    """
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "contract", package.parent / "contract"):
        if (folder / name).is_file():
            return folder / name
    raise FileNotFoundError(f"{name} was not installed with jupyterlab_batch.")
