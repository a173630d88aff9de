"""What a Dask cluster looks like under a cell, and where there is no live card."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_batch.client import Batch
from jupyterlab_batch.client.cluster import BatchCluster
from jupyterlab_batch.client.clustercard import MIME_TYPE, cluster_html, cluster_text
from jupyterlab_batch.client.clustermagic import cluster as run_magic
from jupyterlab_batch.client.decode import decode
from jupyterlab_batch.client.generated import Cluster
from tests.client.inert import EVIL, as_shown, assert_inert
from tests.client.scripted import Lost, Reply, ScriptedServer

EXAMPLES = Path(__file__).parents[2] / "contract" / "examples" / "valid"
CLUSTER: Any = json.loads((EXAMPLES / "Cluster.running.json").read_text())
OFFERS: Any = json.loads((EXAMPLES / "ClusterGatewayList.local.json").read_text())
AS_OF = datetime(2026, 11, 29, 10, 0, tzinfo=timezone.utc)


def row(**changes: Any) -> Cluster:
    return decode(Cluster, {**CLUSTER, **changes})


def workers(**changes: Any) -> dict[str, Any]:
    return {**CLUSTER["workers"], **changes}


def test_the_table_says_what_where_and_how_it_is() -> None:
    tasks = {"total": 1204, "waiting": 0, "processing": 4, "in_memory": 1200, "erred": 3}
    shown = row(
        workers=workers(ready=2, wanted=3, note=None),
        memory_bytes=32 * 2**30,
        memory_used_bytes=20 * 2**30,
        tasks=tasks,
        idle_since=None,
        stale_since="2026-11-29T09:58:00Z",
    )
    read = assert_inert(cluster_html(shown, AS_OF))
    for words in (
        "crossmatch: Running on local",
        "2 of 3",
        "20 GB of 32 GB",
        "1,204, 3 failed",
        "not heard of for 2 min",
        CLUSTER["id"],
    ):
        assert words in read.text
    assert ("max", str(32 * 2**30)) in read.attributes


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"phase": "QUEUED", "reason_text": "Waiting for 2 free cores."}, "Waiting for 2 free"),
        ({"phase": "EXECUTING", "substate": "starting"}, ": Starting on"),
        ({"phase": "ERROR", "reason_text": "SIGKILL."}, ": Failed on"),
        ({"phase": "NEWER"}, ": NEWER on"),
        (
            {"idle_since": "2026-11-29T09:50:00Z", "idle_stop_at": "2026-11-29T10:30:00Z"},
            "idle, stops in 30 min",
        ),
        ({"workers": workers(adaptive=True, minimum=0, maximum=4, ready=1)}, "1 of 0 to 4"),
    ],
)
def test_words(changes: dict[str, Any], words: str) -> None:
    assert words in cluster_text(row(**changes), AS_OF)


def test_of_one_that_is_over_no_figure_is_told_as_present() -> None:
    text = cluster_text(row(phase="ERROR", reason_text="Gone."), AS_OF)
    assert "Gone." in text
    assert not any(label in text for label in ("Workers", "Memory", "Tasks", "Silent", "Work"))


@pytest.mark.parametrize("evil", EVIL)
def test_no_field_can_add_anything_but_text(evil: str) -> None:
    shown = row(name=evil, gateway_id=evil, reason_text=evil, workers=workers(note=evil))
    assert assert_inert(cluster_html(shown, AS_OF)).text.count(as_shown(evil)) == 4
    assert "\x1b" not in cluster_text(shown, AS_OF)


def test_a_cell_shows_the_card_and_keeps_what_was_chosen_to_itself(
    scripted: ScriptedServer, batch: Batch
) -> None:
    spec = {**CLUSTER["spec"], "options": {"environment": {"TOKEN": "hidden"}}}
    scripted.plan(Reply(OFFERS), Reply({**CLUSTER, "spec": spec}, 201))
    cluster = run_magic(lambda: batch, ["start"])
    assert isinstance(cluster, BatchCluster)
    bundle = cluster._repr_mimebundle_(include=None, exclude=None)
    card = bundle[MIME_TYPE]
    assert (card["version"], card["cluster_id"]) == (1, CLUSTER["id"])
    assert set(card["row"]) == set(CLUSTER)
    assert card["row"]["spec"] == {"workers": spec["workers"]}
    assert "hidden" not in json.dumps(bundle)
    assert set(bundle) == {MIME_TYPE, "text/html", "text/plain"}


def test_an_old_row_is_refreshed_before_it_is_shown(scripted: ScriptedServer, batch: Batch) -> None:
    stopped = {**CLUSTER, "phase": "ABORTED"}
    scripted.plan(Reply(CLUSTER), Reply(stopped))
    cluster = batch.cluster(CLUSTER["id"])
    cluster.as_of = AS_OF
    assert "Stopped" in cluster._repr_mimebundle_()["text/plain"]


def test_without_a_server_the_old_row_is_shown_with_its_age(
    scripted: ScriptedServer, batch: Batch
) -> None:
    scripted.plan(Reply(CLUSTER), Lost())
    cluster = batch.cluster(CLUSTER["id"])
    cluster.as_of = AS_OF
    text = cluster._repr_mimebundle_()["text/plain"]
    assert AS_OF.astimezone().strftime("%Y-%m-%d %H:%M") in text
