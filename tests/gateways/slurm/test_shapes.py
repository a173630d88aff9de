"""Answers of every version that no slurmrestd here can give, in the shape of its field tables.

``shapes.json`` says of which type each field is that is read here, from a version of the API on
(null: it is not told): as the data parsers of 23.02 (v0.0.39) to 26.05 (v0.0.45) have it. The
same content in each of these shapes must be read as the same. What v0.0.38 and v0.0.44 say was
recorded from running ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from jupyterlab_batch.gateways.slurm.answers import history_record, queue_record
from jupyterlab_batch.gateways.slurm.endings import Exit
from jupyterlab_batch.gateways.slurm.records import Record
from jupyterlab_batch.gateways.slurm.restbalances import association_limits, qos_limits
from jupyterlab_batch.gateways.slurm.siteanswers import (
    associations,
    nodes,
    partitions,
    qualities,
    reservations,
)
from jupyterlab_batch.gateways.slurm.states import phase_of
from tests.gateways.rigs.standin import recorded

SHAPES: dict[str, dict[str, dict[str, str | None]]] = recorded("shapes")
VERSIONS = range(39, 46)
NO_VALUE = {"set": False, "infinite": False, "number": 0}


def shaped(kind: str, value: Any, version: int) -> Any:
    """Write a value as a version has it that gives it this type."""
    if kind.endswith("_NO_VAL"):
        return NO_VALUE if value is None else {"set": True, "infinite": False, "number": value}
    if kind in ("JOB_STATE", "PARTITION_STATES"):
        return value if version == 39 else [value]
    if kind == "JOB_EXIT_CODE":
        return {"status": "SUCCESS", "return_code": 0}
    if kind == "PROCESS_EXIT_CODE":
        signal = {"id": NO_VALUE, "name": ""}
        return {"status": ["ERROR"], "return_code": shaped("_NO_VAL", value, 0), "signal": signal}
    if kind == "TRES_STR":
        return [{"type": "cpu", "name": "", "id": 1, "count": value}]
    return value


def answer(of: str, version: int, content: Mapping[str, Any]) -> dict[str, Any]:
    """Write content, by path, as a version would; every field that is read has to be there."""
    assert set(content) == set(SHAPES[of])
    written: dict[str, Any] = {}
    for path, value in content.items():
        since = SHAPES[of][path]
        kind = since[str(max(int(one) for one in since if int(one) <= version))]
        if kind is None:
            continue
        *outer, last = path.split("/")
        inner = written
        for name in outer:
            inner = inner.setdefault(name, {})
        inner[last] = shaped(kind, value, version)
    return written


JOB = {
    "account": "astro",
    "array_job_id": 0,
    "array_task_id": None,
    "array_task_string": "",
    "comment": "jlb:x",
    "current_working_directory": "/home/me/run",
    "end_time": 1_790_000_060,
    "exit_code": 768,
    "job_id": 7,
    "job_state": "FAILED",
    "nodes": "n1",
    "partition": "batch",
    "restart_cnt": 1,
    "start_time": 1_790_000_000,
    "state_reason": "NonZeroExitCode",
    "submit_time": 1_789_999_990,
    "tres_alloc_str": "cpu=2,mem=100M,node=1,billing=2",
}


def queued(version: int, **other: Any) -> Record:
    ended = JOB["exit_code"] if version == 39 else 3  # a wait status, or the code itself
    return queue_record(answer("job", version, {**JOB, "exit_code": ended, **other}))


@pytest.mark.parametrize("version", VERSIONS)
def test_a_job_of_slurmctld(version: int) -> None:
    record = queued(version)
    assert (record.native_id, phase_of(record.state, None)[0]) == ("7", "ERROR")
    assert (record.exit, record.restarts, record.has_node) == (Exit(3, None), 1, True)
    assert (record.comment, record.folder, record.queue) == ("jlb:x", "/home/me/run", "batch")
    assert record.submitted_at and record.started_at and record.ended_at
    assert (record.ended_at - record.started_at).total_seconds() == 60
    assert (record.memory_asked_bytes, record.array_id) == (100 * 2**20, None)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_task_of_an_array_and_those_that_wait(version: int) -> None:
    task = queued(version, array_job_id=5, array_task_id=0)
    assert (task.array_id, task.index, task.waiting) == ("5", 0, None)
    rest = queued(version, array_job_id=5, array_task_string="2-5%2", job_state="PENDING")
    assert (rest.index, rest.waiting is not None) == (None, True)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_job_of_slurmdbd(version: int) -> None:
    total = {"time/total/seconds": 3, "time/total/microseconds": 500_000}
    step = answer("step", version, {**total, "tres/requested/max": None})
    step["tres"]["requested"]["max"] = [{"type": "mem", "name": "", "count": 4096}]
    content = {
        "account": "astro",
        "array/job_id": 0,
        "array/task_id": None,
        "comment/job": "",
        "exit_code": 3,
        "job_id": 7,
        "kill_request_user": "",
        "nodes": "n1",
        "partition": "batch",
        "state/current": "FAILED",
        "state/reason": "None",
        "steps": [step],
        "time/elapsed": 60,
        "time/end": 1_790_000_060,
        "time/start": 1_790_000_000,
        "time/submission": 1_789_999_990,
        "tres/requested": 2,
        "user": "me",
        "working_directory": "/home/me/run",
        **total,
    }
    record = history_record(answer("history", version, content))
    assert (record.native_id, phase_of(record.state, None)[0]) == ("7", "ERROR")
    # 23.02 tells no exit code there: it calls every job that was not ended by a signal a success.
    assert record.exit == Exit(None if version == 39 else 3, None)
    assert (record.elapsed_seconds, record.cpu_seconds, record.memory_peak_bytes) == (60, 3.5, 4096)
    assert (record.folder, record.comment, record.index) == ("/home/me/run", "", None)


@pytest.mark.parametrize("version", VERSIONS)
def test_what_a_site_has(version: int) -> None:
    partition = {
        "name": "batch",
        "flags": ["DEFAULT"],
        "maximums/time": 120,
        "defaults/time": None,
        "maximums/nodes": None,
        "nodes/total": 2,
        "cpus/total": 16,
        "accounts/allowed": "astro,lens",
        "accounts/deny": "",
        "qos/allowed": "",
        "qos/deny": "debug",
        "partition/state": "UP",
    }
    (told,) = partitions([answer("partition", version, partition)])
    assert (told.name, told.is_up, told.is_default) == ("batch", True, version >= 45)
    assert (told.max_walltime_seconds, told.default_walltime_seconds) == (7200, None)
    assert (told.max_nodes, told.total_cores) == (2, 16)
    assert (set(told.allowed_accounts), set(told.denied_qos)) == ({"astro", "lens"}, {"debug"})
    (down,) = partitions([answer("partition", version, {**partition, "partition/state": "DOWN"})])
    assert down.is_up == (version == 39)  # which does not tell
    node = {
        "partitions": ["batch", "gpu"],
        "cpus": 8,
        "real_memory": 1000,
        "gres": "gpu:a100:2(S:0)",
        "features": ["avx"],
        "active_features": ["avx"],
    }
    (one,) = nodes([answer("node", version, node)])
    assert (set(one.partitions), one.cores) == ({"batch", "gpu"}, 8)
    assert dict(one.gpus) == {"a100": 2}
    assert (one.memory_bytes, set(one.features)) == (1000 * 2**20, {"avx"})
    reservation = {
        "name": "night",
        "partition": "batch",
        "start_time": 1_790_000_000,
        "end_time": 1_790_000_060,
        "node_count": 1,
        "core_count": 8,
        "users": "me",
        "accounts": "",
    }
    (kept,) = reservations([answer("reservation", version, reservation)])
    assert (kept.partition, kept.nodes, kept.cores, set(kept.users)) == ("batch", 1, 8, {"me"})
    assert kept.starts_at is not None and kept.ends_at is not None


@pytest.mark.parametrize("version", VERSIONS)
def test_associations_and_qualities_with_their_limits(version: int) -> None:
    of_association = {path: 5 for path in SHAPES["association"]} | {
        "account": "astro",
        "user": "me",
        "partition": "",
        "cluster": "c",
        "qos": ["normal", "debug"],
        "default/qos": "normal",
        "is_default": True,
        "parent_account": "",
    }
    one = answer("association", version, of_association)
    (told,) = associations([one], "me")
    assert (told.account, told.partition, told.is_default) == ("astro", None, True)
    assert (told.qos, told.default_qos) == (("debug", "normal"), "normal")
    limits = {
        (each.limit, each.resource): each.granted for each in association_limits([one], "me", 0)
    }
    assert len(limits) == 12
    assert set(limits.values()) == {5}
    of_qos = {path: 5 for path in SHAPES["qos"]} | {"name": "debug", "description": "short"}
    quality = answer("qos", version, of_qos)
    (known,) = qualities([quality])
    assert (known.name, known.title, known.max_walltime_seconds) == ("debug", "short", 300)
    rows = list(qos_limits([quality], "me", 0))
    assert len(rows) == 11
    assert {each.granted for each in rows} == {5}
