"""Answers of the contract, made for a test."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

JOB_ID = "01jd3x5n8k6v2qwzr4tsm9ya7b"
_ROW: dict[str, Any] = {
    "id": JOB_ID,
    "gateway_id": "slurm",
    "native_id": "42",
    "name": "lens-mcmc",
    "phase": "EXECUTING",
    "substate": None,
    "reason": None,
    "reason_text": None,
    "created_at": "2025-03-01T12:00:00Z",
    "submitted_at": "2025-03-01T12:00:00.123Z",
    "estimated_start_at": None,
    "started_at": "2025-03-01T12:00:05.123456Z",
    "ended_at": None,
    "queue": "roma",
    "cores": 2,
    "memory_bytes": 2 * 1024**3,
    "memory_peak_bytes": None,
    "walltime_seconds": 600,
    "array": None,
    "progress": {"done": 7, "total": 18, "text": "cell 7 of 18"},
    "outputs_count": 1,
    "tags": {},
    "revision": 12,
    "seen": False,
}


def row(**changes: object) -> dict[str, Any]:
    """Return a JobRow as JSON."""
    return {**_ROW, **changes}


def job(**changes: object) -> dict[str, Any]:
    """Return a Job as JSON."""
    detail: dict[str, Any] = {
        "spec": {
            "name": "lens-mcmc",
            "task": {"kind": "notebook", "path": "/home/a/lens.ipynb", "parameters": {"seed": 3}},
            "resources": {"cores": 2, "memory_bytes": 2 * 1024**3, "walltime_seconds": 600},
        },
        "native_state": "RUNNING",
        "exit_code": None,
        "signal": None,
        "attempt": 1,
        "resubmitted_from": None,
        "source_path": None,
        "usage": {
            "elapsed_seconds": 3,
            "cpu_seconds": 2.5,
            "memory_peak_bytes": None,
            "is_partial": False,
        },
        "outputs": [{"path": "/home/a/out.ipynb", "contents_path": None, "size_bytes": None}],
        "owner": "a",
        "account": None,
        "run_directory": "/home/a/batch-jobs/x",
        "node_directory": None,
        "log_paths": {"stdout": "/runs/1/stdout.log", "stderr": "/runs/1/stderr.log"},
        "run_contents_path": None,
        "stale_since": None,
    }
    return {**_ROW, **detail, **changes}


def job_list(*rows: dict[str, Any], **changes: object) -> dict[str, Any]:
    """Return a JobList as JSON."""
    counts = {"needs_you": 0, "running": len(rows), "queued": 0, "finished": 0}
    return {
        "store_id": "s",
        "seq": 12,
        "clusters_seq": 0,
        "total": len(rows),
        "counts": counts,
        "finished_today": None,
        "rows": list(rows),
        "phases": {},
        "cursor": None,
        **changes,
    }


def gateway(**changes: object) -> dict[str, Any]:
    """Return a Gateway as JSON."""
    return {
        "id": "local",
        "kind": "local",
        "title": "This machine",
        "version": None,
        "health": {"ok": True, "auth_ok": None, "latency_ms": 1, "error": None, "as_of": None},
        "capabilities": dict.fromkeys(
            [
                *("push", "history", "memory_limit", "walltime_limit", "usage", "accounts"),
                *("hold", "dependencies", "signal", "requeue", "suspend", "task_orders"),
                "script_options",
            ],
            True,
        )
        | {"changes": ["nice"]},
        "survives": {"server_restart": True, "reboot": False},
        "limits": {
            "max_cores": 2,
            "max_memory_bytes": None,
            "max_gpus": None,
            "max_array_size": 1000,
            "max_name_length": 100,
        },
        "queues": [],
        "accounts": [],
        "site": {
            "as_of": None,
            "accepts": [],
            "native": [],
            "default_account": None,
            "qos": [],
            "reservations": [],
            "features": [],
            "jobs_waiting": None,
        },
        "notices": [],
        **changes,
    }


def result(
    row: Mapping[str, Any], *, outcome: str = "ok", message: str | None = None
) -> dict[str, Any]:
    """Return an ActionResult as JSON."""
    return {"outcome": outcome, "message": message, "refused_tasks": [], "row": row}


def problem(code: str, message: str = "No.", **changes: object) -> dict[str, Any]:
    """Return a Problem as JSON."""
    rest: dict[str, Any] = {
        "field": None,
        "gateway_id": None,
        "retry_after_seconds": None,
        "detail": [],
    }
    return {"message": message, "code": code, **rest, **changes}


def allocation(**changes: object) -> dict[str, Any]:
    """Return an Allocation as JSON."""
    return {
        "gateway_id": "slurm",
        "account": "astro",
        "user": None,
        "qos": None,
        "resource": "cpu",
        "unit": "core_hours",
        "limit": "GrpTRESMins",
        "granted": 100.0,
        "used": 40.0,
        "reserved": None,
        "as_of": "2026-11-22T22:40:00Z",
        "period": "fading",
        "queue": None,
        "queues": [],
        "half_life_seconds": None,
        "enforced_by": "scheduler",
        "source": "scontrol show assoc_mgr",
        **changes,
    }
