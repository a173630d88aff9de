"""What docs/administrator.md says of options is true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from traitlets.config import Config, Configurable

from jupyterlab_batch.extension import BatchExtension
from jupyterlab_batch.gateways.base import JobGateway
from jupyterlab_batch.gateways.local import LocalGateway
from jupyterlab_batch.gateways.slurm import SlurmGateway
from jupyterlab_batch.service.loading import load_gateways
from jupyterlab_batch.service.unavailable import UnavailableGateway

PAGE = (Path(__file__).parents[2] / "docs" / "administrator.md").read_text(encoding="utf-8")
EXAMPLES = [
    example
    for example in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    if "gateways = " in example
]
CLASSES = (BatchExtension, LocalGateway, SlurmGateway)
OPTIONS = [
    (kind.__name__, option) for kind in CLASSES for option in kind.class_own_traits(config=True)
] + [
    ("PollingGateway", option)
    for option in set(SlurmGateway.class_trait_names(config=True))
    - set(SlurmGateway.class_own_traits(config=True))
    - set(JobGateway.class_trait_names(config=True))
]


@pytest.mark.parametrize(("kind", "option"), sorted(OPTIONS))
def test_every_option_is_on_the_page(kind: str, option: str) -> None:
    assert f"`{option}`" in PAGE, f"{kind}.{option}"


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_can_be_used(example: str) -> None:
    config = Config()
    exec(example, {"c": config})  # noqa: S102 -- our own page
    entries = config.BatchExtension.gateways
    gateways = load_gateways(entries, parent=Configurable(config=config))
    on = [entry for entry in entries if entry.get("enabled", True)]
    assert [gateway.kind for gateway in gateways] == [entry["kind"] for entry in on]
    assert not any(isinstance(gateway, UnavailableGateway) for gateway in gateways)


def test_an_option_can_be_set_for_a_class() -> None:
    config = Config()
    config.SlurmGateway.deadline_seconds = 20
    parent = Configurable(config=config)
    (gateway,) = load_gateways([{"kind": "slurm"}], parent=parent)
    assert isinstance(gateway, SlurmGateway)
    assert gateway.deadline_seconds == 20


def test_the_page_lists_each_option_once_and_no_other() -> None:
    listed = re.findall(r"^\| `([a-z_]+)` +\|", PAGE, re.MULTILINE)
    known = {option for _, option in OPTIONS}
    assert set(listed) <= known
    assert len(listed) == len(known)
