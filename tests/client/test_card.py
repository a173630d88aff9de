"""What a job looks like where there is no live card."""

from __future__ import annotations

import json
import re
from datetime import datetime, timezone

import pytest

from jupyterlab_batch.client import Batch
from jupyterlab_batch.client.card import MIME_TYPE, card_html, card_text
from jupyterlab_batch.client.decode import decode
from jupyterlab_batch.client.generated import JobRow
from tests.client import samples
from tests.client.inert import EVIL, as_shown, assert_inert
from tests.client.scripted import Lost, Reply, ScriptedServer

AS_OF = datetime(2025, 3, 1, 12, 5, 5, tzinfo=timezone.utc)


def row(**changes: object) -> JobRow:
    return decode(JobRow, samples.row(**changes))


def test_the_table_says_what_where_why_and_how_long() -> None:
    read = assert_inert(card_html(row(reason="resources", reason_text="Waits."), AS_OF))
    for words in ("lens-mcmc: Running on slurm · roma", "cell 7 of 18", "Waits.", samples.JOB_ID):
        assert words in read.text
    assert "4 min 59 s of at most 10 min" in read.text
    assert "2 cores, 2 GB, at most 10 min" in read.text
    assert ("max", "18") in read.attributes


@pytest.mark.parametrize("evil", EVIL)
def test_no_field_can_add_anything_but_text(evil: str) -> None:
    read = assert_inert(
        card_html(
            row(
                name=evil,
                gateway_id=evil,
                queue=evil,
                reason_text=evil,
                progress={"done": 1, "total": 2, "text": evil},
            ),
            AS_OF,
        )
    )
    assert read.text.count(as_shown(evil)) == 5


@pytest.mark.parametrize("evil", EVIL)
def test_a_list_is_as_inert(scripted: ScriptedServer, batch: Batch, evil: str) -> None:
    evil_row = samples.row(name=evil, queue=evil, gateway_id=evil, reason_text=evil)
    scripted.plan(Reply(samples.job_list(evil_row)))
    jobs = batch.jobs()
    assert_inert(jobs._repr_html_())
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", repr(jobs))


def test_gateways_are_as_inert(scripted: ScriptedServer, batch: Batch) -> None:
    health = {"ok": False, "auth_ok": None, "latency_ms": None, "error": EVIL[0], "as_of": None}
    scripted.plan(Reply({"gateways": [samples.gateway(title=EVIL[1], health=health)]}))
    gateways = batch.gateways()
    assert EVIL[0] in assert_inert(gateways._repr_html_()).text
    assert "local" in repr(gateways)


def test_what_may_be_used_is_a_table_and_as_inert(scripted: ScriptedServer, batch: Batch) -> None:
    rows = [
        samples.allocation(account=EVIL[0], granted=100.0, used=40.5, reserved=9.5),
        samples.allocation(unit="bytes", resource="mem", granted=2.0**31, used=None, user="ada"),
        samples.allocation(granted=None, qos="debug", queues=["short"]),
    ]
    as_of = "2026-11-22T22:40:00Z"
    scripted.plan(Reply({"allocations": rows, "as_of": as_of, "missing": EVIL[1]}))
    told = batch.allocations("slurm")
    read = assert_inert(told._repr_html_())
    assert EVIL[0] in read.text
    for words in (
        "100 core hours",
        "50 core hours",
        "2 GB",
        "no limit",
        "QOS debug, short",
        "As of 2026",
    ):
        assert words in repr(told)


def test_nothing_that_may_be_used_is_a_sentence(scripted: ScriptedServer, batch: Batch) -> None:
    scripted.plan(Reply({"allocations": [], "as_of": None, "missing": "Nobody is limited."}))
    assert "Nobody is limited." in repr(batch.allocations("local"))


def test_empty_lists_are_sentences(scripted: ScriptedServer, batch: Batch) -> None:
    scripted.plan(Reply(samples.job_list()))
    jobs = batch.jobs()
    assert (repr(jobs), jobs._repr_html_()) == ("No jobs yet.", "<p>No jobs yet.</p>")


def test_text_steers_no_terminal() -> None:
    text = card_text(row(name="a\x1b[2J\nb", reason_text="x\x07"), AS_OF)
    assert not re.search("[\x00-\x09\x0b-\x1f]", text)
    assert text.splitlines()[0].endswith("Running on slurm · roma")


def test_a_bundle_has_the_card_and_its_still_twins(scripted: ScriptedServer, batch: Batch) -> None:
    scripted.plan(Reply(samples.job()))
    bundle = batch.job(samples.JOB_ID)._repr_mimebundle_(include=None, exclude=None)
    card = bundle[MIME_TYPE]
    assert card["version"] == 1
    assert card["job_id"] == samples.JOB_ID
    assert set(card["row"]) == set(samples.row())
    assert json.loads(json.dumps(card)) == card
    assert set(bundle) == {MIME_TYPE, "text/html", "text/plain"}


def test_an_old_row_is_refreshed_before_it_is_shown(scripted: ScriptedServer, batch: Batch) -> None:
    scripted.plan(Reply(samples.job()), Reply(samples.job(phase="COMPLETED")))
    job = batch.job(samples.JOB_ID)
    job.as_of = AS_OF
    assert "Completed" in job._repr_mimebundle_()["text/plain"]


def test_without_a_server_the_old_row_is_shown_with_its_age(
    scripted: ScriptedServer, batch: Batch
) -> None:
    scripted.plan(Reply(samples.job()), Lost())
    job = batch.job(samples.JOB_ID)
    job.as_of = AS_OF
    text = job._repr_mimebundle_()["text/plain"]
    assert AS_OF.astimezone().strftime("%Y-%m-%d %H:%M") in text


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"phase": "PENDING", "started_at": None}, "Submitting"),
        ({"phase": "QUEUED", "started_at": None}, "waiting for 5 min"),
        ({"phase": "EXECUTING", "substate": "cancelling"}, "Cancelling"),
        ({"phase": "ERROR", "ended_at": "2025-03-01T12:00:06.123456Z"}, "1 s"),
        ({"phase": "ABORTED", "started_at": None}, "Cancelled"),
        ({"phase": "NEWER"}, "NEWER"),
        ({"progress": {"done": 9, "total": None, "text": "9 done"}}, "9 done"),
    ],
)
def test_words(changes: dict[str, object], word: str) -> None:
    assert word in card_text(row(**changes), AS_OF)
