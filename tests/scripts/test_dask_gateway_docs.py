"""What the page for administrators of a Dask Gateway tells to write is tried."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from traitlets.config import Config

from jupyterlab_batch.extension import BatchExtension
from jupyterlab_batch.gateways.daskgateway import DaskGateway
from jupyterlab_batch.service.loading import load_gateways
from tests.gateways.clusters.daskrig import DaskGatewayRig
from tests.gateways.clusters.daskserver import DaskGatewayServer, missing
from tests.gateways.clusters.rig import Followed
from tests.scripts.test_deploy_docs import PROJECT, blocks

PAGE = "docs/deploy/dask-gateway.md"


def test_the_gateway_can_be_configured_so() -> None:
    block, _ = blocks(PAGE, "python")
    config = Config()
    exec(block, {"c": config})  # noqa: S102 -- our own documentation
    extension = BatchExtension(config=config)
    _, gateway = load_gateways(extension.gateways, parent=extension)
    assert isinstance(gateway, DaskGateway)
    assert gateway.proxy_address == "gateway://dask.example.org:8786"


def test_each_option_is_in_the_table_with_its_default() -> None:
    page = (PROJECT / PAGE).read_text(encoding="utf-8")
    own = DaskGateway(gateway_id="x", url="http://x").traits(config=True)
    for name in set(own) - {"gateway_id", "title", "log"}:
        assert f"| `{name}`" in page, name


@pytest.mark.skipif(missing() is not None, reason=str(missing()))
async def test_a_gateway_starts_so(tmp_path: Path) -> None:
    _, block = blocks(PAGE, "python")
    server = DaskGatewayServer(tmp_path / "gateway")
    server.configure(
        block.replace("28000", str(server.private))
        .replace("28001", str(server.public))
        .replace("/var/lib/dask-gateway", str(server.root))
    )
    server.secret_file.write_text("change me")
    await asyncio.to_thread(server.start)
    try:
        rig = DaskGatewayRig(tmp_path, server)
        followed = await Followed.start(rig, rig.launch(1))
        await followed.ready(1)
        await followed.gateway.close(followed.native_id)
        await followed.end()
        await followed.forget()
    finally:
        await asyncio.to_thread(server.close)
