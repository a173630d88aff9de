"""Bad days of a Dask Gateway: killed, restarted, without memory, hanging, and behind a Hub."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from jupyterlab_batch.domain.problems import AnswerLost, GatewayUnreachable, NotSignedIn
from jupyterlab_batch.gateways.clusters import ClusterGateway, Created
from tests.gateways.clusters.daskrig import DaskGatewayRig
from tests.gateways.clusters.daskserver import ALICE, PASSWORD, DaskGatewayServer, missing
from tests.gateways.clusters.rig import Followed

pytestmark = pytest.mark.skipif(missing() is not None, reason=str(missing()))
_PLAIN = "text/plain; charset=utf-8"
_TROUBLE = b"500 Internal Server Error\n\nServer got itself in trouble"
HUB_TOKEN = "token-of-alice"  # noqa: S105 -- of a hub that lives for one test


@contextmanager
def running(root: Path, **more: Any) -> Iterator[DaskGatewayRig]:
    """Yield a gateway of its own, of which nothing is left."""
    server = DaskGatewayServer(root / "gateway", **more)
    server.start()
    try:
        yield DaskGatewayRig(root, server)
    finally:
        server.close()
        assert list(server.processes()) == []


async def test_killed_and_started_again_it_has_its_clusters(tmp_path: Path) -> None:
    with running(tmp_path) as rig:
        followed = await Followed.start(rig, rig.launch(1))
        await followed.ready(1)
        await asyncio.to_thread(rig.server.kill)
        silent = await followed.until(lambda seen: seen.stale_since is not None)
        assert (silent.phase, silent.ready) == ("EXECUTING", 1)
        assert not (await followed.gateway.describe()).health.ok
        await asyncio.to_thread(rig.server.start)
        back = await followed.until(lambda seen: seen.stale_since is None)
        assert (back.phase, back.ready) == ("EXECUTING", 1)
        (scheduler,) = [
            one
            for one in rig.server.processes(followed.native_id)
            if "scheduler" in " ".join(one.cmdline())
        ]
        scheduler.kill()
        silent = await followed.until(lambda seen: seen.stale_since is not None)
        assert silent.phase == "EXECUTING"
        over = await followed.until(lambda seen: seen.phase == "ERROR")
        assert (over.reason, over.ready) == ("failed", 0)
        await followed.forget()


async def test_one_that_does_not_come_up_in_time_was_never_started(tmp_path: Path) -> None:
    """The gateway ends it slowly, as its scheduler heeds no signal."""
    server = DaskGatewayServer(tmp_path / "gateway")
    stubborn = ["sh", "-c", "trap '' INT TERM; while :; do sleep 1; done"]
    server.configure(
        server.configuration
        + "c.DBBackendBase.cluster_start_timeout = c.DBBackendBase.check_timeouts_period = 2\n"
        + f"c.ClusterConfig.scheduler_cmd = {stubborn!r}\n"
    )
    await asyncio.to_thread(server.start)
    try:
        rig = DaskGatewayRig(tmp_path, server)
        followed = await Followed.start(rig, rig.launch(1))
        ending = await followed.until(lambda seen: seen.substate == "stopping")
        assert ending.started_at is None
        over = await followed.until(lambda seen: seen.phase == "ERROR")
        assert (over.reason, over.started_at) == ("launch_failed", None)
        await followed.forget()
    finally:
        await asyncio.to_thread(server.close)


async def test_a_worker_goes_with_its_nanny_and_the_row_says_how_many_are_left(
    dask_server: DaskGatewayServer, tmp_path: Path
) -> None:
    """Dask Gateway 2026.3.0 starts no other one in its place."""
    rig = DaskGatewayRig(tmp_path, dask_server)
    followed = await Followed.start(rig, rig.launch(1))
    await followed.ready(1)
    found = dask_server.processes(followed.native_id)
    (nanny,) = [one for one in found if "worker" in one.cmdline()]
    family = [nanny, *nanny.children(recursive=True)]
    nanny.kill()
    left = await followed.until(lambda seen: seen.ready == 0)
    assert (left.phase, left.reason) == ("EXECUTING", None)
    assert psutil.wait_procs(family, 30)[1] == []
    await followed.gateway.close(followed.native_id)
    over = await followed.end()
    assert (over.phase, over.reason) == ("ABORTED", "stopped_by_user")
    await followed.forget()


async def test_without_memory_its_clusters_are_lost_and_run_on(tmp_path: Path) -> None:
    with running(tmp_path, is_durable=False) as rig:
        followed = await Followed.start(rig, rig.launch(0))
        await followed.until(lambda seen: seen.started_at is not None)
        await asyncio.to_thread(rig.server.kill)
        await asyncio.to_thread(rig.server.start)
        over = await followed.until(lambda seen: seen.phase == "ERROR")
        assert over.reason == "lost"
        assert over.reason_text is not None and "may run on" in over.reason_text
        assert list(rig.server.processes(followed.native_id))
        await followed.forget()


async def test_one_that_hangs_is_awaited_no_longer_than_its_deadline(tmp_path: Path) -> None:
    """What was sent meanwhile is lost, found among what is new, and never sent again."""
    with running(tmp_path) as rig:
        gateway = rig.server.gateway(deadline_seconds=0.5, start_deadline_seconds=0.5)
        rig.server.pause(is_paused=True)
        launch = rig.launch(0)
        with pytest.raises(AnswerLost):
            await gateway.create(launch)
        with pytest.raises(GatewayUnreachable):
            await gateway.look_up(launch)
        rig.server.pause(is_paused=False)
        found = await until_found(gateway, launch)
        assert [one.options["worker_memory"] for one in found] == [0.25]


async def test_one_that_runs_is_shown_older_while_the_gateway_hangs_or_lets_nobody_in(
    tmp_path: Path,
) -> None:
    """A password that was changed is a failure to sign in, and no end of the cluster."""
    with running(tmp_path) as rig:
        followed = await Followed.start(rig, rig.launch(0))
        await followed.ready(0)
        await followed.forget()
        again = Followed(
            rig, rig.server.gateway(deadline_seconds=0.5), followed.launch, followed.native_id
        )
        again.watch()
        await again.ready(0)
        rig.server.pause(is_paused=True)
        silent = await again.until(lambda seen: seen.stale_since is not None)
        assert (silent.phase, silent.ready, silent.reason) == ("EXECUTING", 0, None)
        rig.server.pause(is_paused=False)
        await again.until(lambda seen: seen.stale_since is None)
        right = rig.server.secret_file.read_text()
        rig.server.secret_file.write_text("another one")
        silent = await again.until(lambda seen: seen.stale_since is not None)
        assert (silent.phase, silent.ready, silent.reason) == ("EXECUTING", 0, None)
        health = (await again.gateway.describe()).health
        assert (health.ok, health.auth_ok) == (True, False)
        rig.server.secret_file.write_text(right)
        await again.until(lambda seen: seen.stale_since is None)
        await again.forget()


async def until_found(gateway: ClusterGateway, launch: Any) -> Any:
    async def look() -> Any:
        while True:
            try:
                found = await gateway.look_up(launch)
            except GatewayUnreachable:
                found = []
            if found:
                return found
            await asyncio.sleep(0.1)

    return await asyncio.wait_for(look(), 60)


class _Hub(BaseHTTPRequestHandler):
    """A JupyterHub as far as a Dask Gateway asks it."""

    def do_GET(self) -> None:
        is_known = self.headers.get("Authorization", "").endswith(HUB_TOKEN)
        self.send_response(200 if is_known else 403)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        user = {"name": ALICE, "kind": "user", "groups": [], "admin": False}
        self.wfile.write(json.dumps(user if is_known else {"message": "no"}).encode())

    def log_message(self, *_: object) -> None:
        return


async def test_behind_a_hub_its_token_signs_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A token that the Hub refuses is answered with 500, which is no fault of the gateway."""
    with serving(ThreadingHTTPServer(("127.0.0.1", 0), _Hub)) as hub:
        address = f"http://127.0.0.1:{hub.server_port}/hub/api"
        with running(tmp_path, hub=address) as rig:
            gateway = rig.server.gateway(auth="jupyterhub", secret_file="")
            monkeypatch.setenv("JUPYTERHUB_API_TOKEN", "an-old-one")
            offer = await gateway.describe()
            assert (offer.health.ok, offer.health.auth_ok) == (True, False)
            with pytest.raises(NotSignedIn):
                await gateway.create(rig.launch(0))
            monkeypatch.setenv("JUPYTERHUB_API_TOKEN", HUB_TOKEN)
            assert isinstance(await gateway.create(rig.launch(0)), Created)
            code = gateway.client(rig.launches[-1]).code
            assert "JupyterHubAuth(os.environ['JUPYTERHUB_API_TOKEN']" in code
            assert HUB_TOKEN not in code
            bearer = rig.server.gateway(
                auth="token",
                secret_file="",
                secret_variable="JUPYTERHUB_API_TOKEN",  # noqa: S106 -- its name
            )
            assert (await bearer.describe()).health.auth_ok is False


async def test_a_gateway_that_fails_says_so_in_plain_text(dask_server: DaskGatewayServer) -> None:
    """As we play it below."""
    async with httpx.AsyncClient(auth=(ALICE, PASSWORD)) as client:
        answer = await client.post(f"{dask_server.url}/api/v1/clusters/", content=b"{")
    assert (answer.status_code, answer.headers["Content-Type"]) == (500, _PLAIN)
    assert answer.content == _TROUBLE


@pytest.mark.parametrize(
    ("status", "problem"),
    [(500, GatewayUnreachable), (502, GatewayUnreachable), (302, GatewayUnreachable)],
)
async def test_a_plain_failure_is_one_of_the_gateway(
    status: int, problem: type[Exception], tmp_path: Path
) -> None:
    class Fails(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.headers.get("Authorization", ""))
            self.send_response(status)
            self.send_header("Content-Type", _PLAIN)
            self.send_header("Location", f"http://127.0.0.1:{elsewhere.server_port}/")
            self.end_headers()
            self.wfile.write(_TROUBLE)

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            return

    asked: list[str] = []
    elsewhere = ThreadingHTTPServer(("127.0.0.1", 0), _Hub)
    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Fails)) as server, serving(elsewhere):
        secret = tmp_path / "secret"
        secret.write_text(HUB_TOKEN)
        gateway = DaskGatewayServer.gateway_at(
            f"http://127.0.0.1:{server.server_port}", auth="token", secret_file=str(secret)
        )
        with pytest.raises(problem):
            await gateway.look_up(DaskGatewayRig.of_nobody(tmp_path).launch(0))
        lost = AnswerLost if status >= 500 else GatewayUnreachable
        with pytest.raises(lost):
            await gateway.create(DaskGatewayRig.of_nobody(tmp_path).launch(0))
        assert asked and set(asked) == {f"Bearer {HUB_TOKEN}"}


async def test_one_that_hangs_up_is_told_in_one_sentence(tmp_path: Path) -> None:
    class HangsUp(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            return

    with serving(ThreadingHTTPServer(("127.0.0.1", 0), HangsUp)) as server:
        secret = tmp_path / "secret"
        secret.write_text(HUB_TOKEN)
        gateway = DaskGatewayServer.gateway_at(
            f"http://127.0.0.1:{server.server_port}", auth="token", secret_file=str(secret)
        )
        with pytest.raises(GatewayUnreachable, match=r"[^.]\.$"):
            await gateway.look_up(DaskGatewayRig.of_nobody(tmp_path).launch(0))


@contextmanager
def serving(server: ThreadingHTTPServer) -> Iterator[ThreadingHTTPServer]:
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()
