"""A request for each operation of the contract that gets through and does what it is for."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tests.fakes.running import cluster_submission
from tests.fakes.submissions import submission
from tests.handlers.conftest import KEY
from tests.handlers.contract import CONTRACT, operations

RUNNING: Final = "the id of a job that runs"
OVER: Final = "the id of a job that is over"
FORGETTABLE: Final = "the id of another one"
STORE: Final = "the id of the store"
CLUSTER: Final = "the id of a cluster that runs"
ENDED: Final = "the id of a cluster that is over"
SCRIPT: Final = "plain.sh"
"""To be there in the folder that JupyterLab shows."""

_JOBS: Final = {"resubmitJob": OVER, "forgetJob": FORGETTABLE}
_CLUSTERS: Final = {"forgetCluster": ENDED}
"""Whose address is not that of what runs."""
_QUERIES: Final = {"getChanges": f"since=0&store_id={STORE}", "getJobFile": "path=spec.json"}
_BODIES: Final[Mapping[str, Any]] = {
    "submitJob": submission(name="Unwanted"),
    "submitJobs": {
        "submissions": [{"key": "unwanted-many-00001", "submission": submission(name="Unwanted")}]
    },
    "checkSubmission": submission(name="Unwanted"),
    "importSpec": {"gateway_id": "fake", "path": SCRIPT},
    "markSeen": {"through_seq": 1000},
    "actOnJobs": {"action": "cancel", "job_ids": [RUNNING]},
    "patchJob": {"nice": 5},
    "resubmitJob": {"patch": {}},
    "putDraft": {"title": "Unwanted", "content": {}},
    "removeRunDirectories": {"job_ids": [OVER]},
    "checkCluster": cluster_submission(name="Unwanted"),
    "startCluster": cluster_submission(name="Unwanted"),
    "scaleCluster": {"count": 1},
    "identifyCluster": {"native_id": None},
    "adaptCluster": {"minimum": 0, "maximum": 2},
    "retireClusterWorkers": {"workers": ["tls://127.0.0.1:40000"]},
}


@dataclass(frozen=True)
class Asked:
    """One request."""

    operation: str
    verb: str
    path: str
    """With its query, below our own address."""
    body: str | None
    answers: Mapping[int, str | None]
    """Name of the schema of what answers it, by status; ``None`` where that is no JSON."""

    @property
    def key(self) -> str:
        """A key of its own, where one is wanted."""
        return f"unwanted-{self.operation:_<16}"


def requests_for(ids: Mapping[str, str]) -> Iterator[Asked]:
    """Yield one request for each operation: questions first, then in the order of the contract.

    Parameters
    ----------
    ids
        Of the jobs, the clusters and the store, by what stands for them above.
    """
    in_turn = sorted(operations().items(), key=lambda one: one[1][0] != "GET")
    for operation, (verb, path) in in_turn:
        told = CONTRACT["paths"][path][verb.lower()]
        job = _JOBS.get(operation, RUNNING)
        cluster = _CLUSTERS.get(operation, CLUSTER)
        address = path.removeprefix("/").format(
            gateway_id="fake", job_id=job, cluster_id=cluster, key=KEY, path="status"
        )
        wanted = [one for one in told.get("parameters", []) if _is_wanted_query(one)]
        assert bool(wanted) == (operation in _QUERIES), f"say in _QUERIES how to ask {operation}"
        if wanted:
            address = f"{address}?{_QUERIES[operation]}"
        body = None if verb == "GET" else _filled(_body(operation, told), ids)
        yield Asked(operation, verb, _filled(address, ids), body, _answers(told))


def _is_wanted_query(parameter: Mapping[str, Any]) -> bool:
    return parameter.get("in") == "query" and parameter.get("required", False)


def _body(operation: str, told: Mapping[str, Any]) -> str:
    if "requestBody" not in told:
        return ""
    is_wanted = told["requestBody"].get("required", False)
    assert is_wanted == (operation in _BODIES), f"say in _BODIES what to send to {operation}"
    return json.dumps(_BODIES.get(operation, {}))


def _answers(told: Mapping[str, Any]) -> dict[int, str | None]:
    return {
        int(status): _schema(answer)
        for status, answer in told["responses"].items()
        if status.startswith("2")
    }


def _schema(answer: Mapping[str, Any]) -> str | None:
    content = answer.get("content", {}).get("application/json")
    return None if content is None else content["schema"]["$ref"].rpartition("/")[2]


def _filled(text: str, ids: Mapping[str, str]) -> str:
    for what, found in ids.items():
        text = text.replace(what, found)
    return text
