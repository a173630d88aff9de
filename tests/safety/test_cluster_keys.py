"""The private keys and passwords of real Dask clusters, and every place where none may turn up."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from jupyterlab_batch.client.magics import run_line
from tests.client.real import RealServer, wait_for
from tests.gateways.clusters.daskserver import ALICE, PASSWORD, DaskGatewayServer, missing
from tests.gateways.clusters.servers import OPTIONS, gateways_with, start_cluster, until
from tests.handlers.contract import operations
from tests.safety.asking import Answer, ask
from tests.safety.sampling import listening

pytestmark = pytest.mark.timeout(600)

_PAGES: Final = ("", "status", "workers", "individual-plots.json", "json/counts.json")
_ENDINGS: Final = ("stopCluster", "forgetCluster")
_MARK: Final = "PRIVATE KEY"


@dataclass(frozen=True)
class Evidence:
    """What was found while a cluster ran on each gateway and after, by place."""

    secrets: dict[str, str]
    """What nobody may see, by what it is."""
    places: dict[str, list[tuple[str, bytes]]]
    meant: dict[Path, int]
    """The files that are meant for one of them, with what their modes let anybody do."""


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evidence]:
    """Start a cluster on each gateway, ask for all of it, use and stop it; look everywhere."""
    why = missing()
    if why is not None:
        pytest.skip(why)
    dask = DaskGatewayServer(tmp_path_factory.mktemp("dask-gateway"))
    try:
        dask.start()
        folder = tmp_path_factory.mktemp("server")
        local, gateway = gateways_with(dask)
        scratch = {"dask_scratch_directory": str(folder)}
        server = RealServer(folder, [{**local, **scratch}, gateway])
        try:
            yield _look_everywhere(server, dask)
        finally:
            server.close()
    finally:
        dask.close()


def _look_everywhere(server: RealServer, dask: DaskGatewayServer) -> Evidence:
    folder = server.log_path.parent
    with listening(server) as heard, pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTERLAB_BATCH_SERVER_FILE", str(server.file))
        ids = [start_cluster(server, gateway_id, workers=1) for gateway_id in OPTIONS]
        for one in ids:
            until(server, one, lambda now: now["workers"]["ready"] == 1, "worker")
        (key,) = folder.rglob("key.pem")
        meant = {path: _mode(path) for path in (key, server.file)}
        secrets = {
            "secret of the server": json.loads(server.file.read_bytes())["secret"],
            "password of the gateway": PASSWORD,
            "key of the cluster there": _middle(_key_of(dask)),
            "key of the cluster here": _middle(key.read_text()),
        }
        shown = list(_shown(server, ids))
        answers = list(_answers(server, ids))
        kept = list(_files(folder))
        seen = list(_processes())
        for one in ids:
            answers.append((f"stop {one}", ask(server, "POST", f"clusters/{one}/stop", {})))
        for one in ids:
            until(server, one, lambda now: now["ended_at"], "end")
        wait_for(lambda: not key.exists(), "end of the key")
        shown += _shown(server, ids)
        answers += _answers(server, ids)
        wait_for(lambda: heard, "event")
    return Evidence(
        secrets,
        {
            "answers": [(where, _all_of(one)) for where, one in answers],
            "cards and reprs": shown,
            "events": [("event", one.encode()) for one in heard],
            "files while they run": kept,
            "files when they are over": list(_files(folder)),
            "log of the server": [("server.log", server.log_path.read_bytes())],
            "processes": seen,
        },
        meant,
    )


def _mode(path: Path) -> int:
    """Return who may do what with a file and with its folder, together."""
    assert path.stat().st_uid == os.getuid()
    return stat.S_IMODE(path.stat().st_mode) | stat.S_IMODE(path.parent.stat().st_mode)


def _key_of(dask: DaskGatewayServer) -> str:
    """Return the key that the gateway puts into its list, for everybody who asks as the user."""
    told = httpx.get(f"{dask.url}/api/v1/clusters/", auth=(ALICE, PASSWORD), timeout=30)
    (record,) = told.json().values()
    key: str = record["tls_key"]
    return key


def _middle(pem: str) -> str:
    """Return a part of a key that is nowhere else, however its lines are broken or quoted."""
    assert _MARK in pem
    return pem.splitlines()[4][:40]


def _shown(server: RealServer, ids: list[str]) -> Iterator[tuple[str, bytes]]:
    """Yield what cells and terminals show of the clusters."""
    batch = server.batch
    listed: Any = run_line("cluster list", {})
    for found in (batch.clusters(), batch.cluster_gateways(), listed):
        yield "listing", repr((found, found._repr_html_(), [*found])).encode()
    for one in ids:
        cluster = batch.cluster(one)
        yield f"card of {one}", json.dumps(cluster._repr_mimebundle_()).encode()
        yield f"repr of {one}", repr((cluster, cluster.row, batch, vars(cluster))).encode()
        if cluster.is_running:
            yield f"code for {one}", cluster.code().encode()
            with cluster.client() as client:
                assert client.submit(sum, [1, 2]).result(timeout=60) == 3
                yield f"client of {one}", repr((client, client._repr_html_())).encode()


def _answers(server: RealServer, ids: list[str]) -> Iterator[tuple[str, Answer]]:
    """Ask for all that can be asked of clusters, and of the jobs that they are beside."""
    store_id = ask(server, "GET", "jobs").json["store_id"]
    for address in ("jobs", f"changes?since=0&store_id={store_id}", "drafts", "gateways"):
        yield address, ask(server, "GET", address)
    bodies: dict[str, Any] = {
        "scaleCluster": {"count": 1},
        "adaptCluster": {"minimum": 1, "maximum": 1},
        "retireClusterWorkers": {"workers": ["tls://nobody"]},
        "identifyCluster": {"native_id": None},
    }
    for name, (verb, path) in operations().items():
        if not path.startswith("/clusters") or name in _ENDINGS:
            continue
        addresses = {
            path.format(cluster_id=one, path=page)[1:]
            for one in ids
            for page in (_PAGES if "{path}" in path else [""])
        }
        for address in sorted(addresses):
            yield f"{verb} {address}", ask(server, verb, address, bodies.get(name, b""))


def _all_of(answer: Answer) -> bytes:
    return json.dumps(dict(answer.headers)).encode() + answer.body


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield all files of the server and of its clusters."""
    for path in folder.rglob("*"):
        try:
            if path.is_file():
                yield str(path), path.read_bytes()
        except FileNotFoundError:  # one of those that come and go
            continue


def _processes() -> Iterator[tuple[str, bytes]]:
    """Yield what can be seen of all processes."""
    for folder in Path("/proc").iterdir():
        for name in ("cmdline", "environ"):
            try:
                if folder.name.isdigit():
                    yield str(folder / name), (folder / name).read_bytes()
            except OSError:  # it is over, or somebody else's
                continue


def test_they_are_in_files_for_their_owner_alone(evidence: Evidence) -> None:
    """Shows too that what is looked for would be found."""
    assert {*evidence.meant.values()} == {0o700}
    files = dict(evidence.places["files while they run"])
    here = [evidence.secrets[what] for what in ("key of the cluster here", "secret of the server")]
    for path, secret in zip(evidence.meant, here, strict=True):
        assert secret.encode() in files[str(path)]
    shown = [content for _, content in evidence.places["cards and reprs"]]
    for gateway_id in OPTIONS:
        assert any(f"on-{gateway_id}".encode() in one for one in shown)


@pytest.mark.parametrize(
    "place",
    [
        "answers",
        "cards and reprs",
        "events",
        "files while they run",
        "files when they are over",
        "log of the server",
        "processes",
    ],
)
def test_none_turns_up_elsewhere(evidence: Evidence, place: str) -> None:
    looked_at = evidence.places[place]
    assert looked_at, "nothing was looked at"
    found = [
        (what, where)
        for where, content in looked_at
        for what, secret in {**evidence.secrets, "a key": _MARK}.items()
        if secret.encode() in content and Path(where) not in evidence.meant
    ]
    assert found == []
