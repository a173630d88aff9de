"""Notebooks to submit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def write_notebook(path: Path, *, kernel: Any = "python3", **fields: Any) -> Path:
    """Write a notebook of one cell."""
    cell: dict[str, Any] = {
        "cell_type": "code",
        "id": "one",
        "metadata": {},
        "source": "1",
        "outputs": [],
        "execution_count": None,
    }
    content = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": {"name": kernel}} if kernel else {},
        "cells": [cell],
        **fields,
    }
    path.write_text(json.dumps(content))
    return path
