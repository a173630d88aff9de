"""The instances and tables of ``contract/examples``, which the front end's tests read as well."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from jupyterlab_batch.domain import generated
from jupyterlab_batch.domain.generated import Phase
from jupyterlab_batch.domain.phases import group_of, is_final

EXAMPLES = Path(__file__).parents[2] / "contract" / "examples"


def instances(folder: str) -> list[Path]:
    found = sorted((EXAMPLES / folder).glob("*.json"))
    assert found
    return found


def struct_of(path: Path) -> Any:
    return getattr(generated, path.name.partition(".")[0])


@pytest.mark.parametrize("path", instances("valid"), ids=lambda path: path.stem)
def test_a_valid_instance_is_read(path: Path) -> None:
    value = msgspec.json.decode(path.read_bytes(), type=struct_of(path))
    assert isinstance(value, struct_of(path))


@pytest.mark.parametrize("path", instances("valid"), ids=lambda path: path.stem)
def test_what_was_read_is_written_back(path: Path) -> None:
    value = msgspec.json.decode(path.read_bytes(), type=struct_of(path))
    written = msgspec.json.encode(value)
    assert msgspec.json.decode(written, type=struct_of(path)) == value


@pytest.mark.parametrize("path", instances("invalid"), ids=lambda path: path.stem)
def test_an_invalid_instance_is_refused(path: Path) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(path.read_bytes(), type=struct_of(path))


@pytest.mark.parametrize("line", json.loads((EXAMPLES / "groups.json").read_bytes()))
def test_both_languages_group_alike(line: dict[str, Any]) -> None:
    phase: Phase = line["phase"]
    assert group_of(phase, seen=line["seen"]) == line["group"]
    assert is_final(phase) == line["is_final"]
