"""Dask clusters on a Dask Gateway: how they are asked for, listed and judged.

It shows no tag: of a cluster whose answer was lost the user says which it is, or that it is none.
"""

from __future__ import annotations

import json
import signal
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from tests.referee import processes
from tests.referee.account import Account
from tests.referee.api import Api, NoAnswer
from tests.referee.clustercases import ClusterCase
from tests.referee.clusterclients import MAGIC, PYTHON, ClusterClient
from tests.referee.clusterjudge import judge_clusters
from tests.referee.judge import Verdict
from tests.referee.ledger import Ledger
from tests.referee.phases import FINAL
from tests.referee.site import Site

_MISLED: Final = "it was offered clusters of others"


@dataclass
class GatewayCase(ClusterCase):
    """One of which gateway and scheduler hear the key, as an option of the gateway."""

    disowns: bool = field(init=False)
    """Its user says of what is offered that it is none of it, though it is."""
    disowned: bool = False
    is_misled: bool = False
    """It was offered a cluster that was asked for with other options."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.disowns = self.key[-1] in "0123"

    @property
    def options(self) -> dict[str, Any]:
        return {"key": self.key, "name": self.name, "idle_seconds": self.idle_stop_seconds}

    def submission(self, ledger: Ledger) -> dict[str, Any]:
        """Return the body of the request."""
        del ledger
        workers = {"kind": "fixed", "count": 1}
        spec = {"name": self.name, "workers": workers, "options": self.options}
        return {"gateway_id": self.gateway_id, "spec": spec}


class GatewayClient(ClusterClient):
    """One who starts such a cluster, and says which it is before it is stopped."""

    def _program(self) -> list[str]:
        case = self.case
        assert isinstance(case, GatewayCase)
        if case.surface == "magic":
            text = f"cluster start --gateway {case.gateway_id} --name {case.name} --key {case.key}"
            words = (f" -o {name}={value}" for name, value in case.options.items())
            return [MAGIC, f"{text} -n 1{''.join(words)}"]
        asked = {
            "workers": 1,
            "gateway": case.gateway_id,
            "name": case.name,
            "key": case.key,
            "options": case.options,
        }
        return [PYTHON, json.dumps(asked)]

    def _is_cancelled(self, seconds: float) -> bool:
        api = self.site.jupyter.api
        with suppress(NoAnswer):
            row = api.call("GET", self.SHOW.format(self.case.acknowledged[0][0])).body
            _say_which(api, self.case, row)
        return super()._is_cancelled(seconds)


def _say_which(api: Api, case: ClusterCase, row: dict[str, Any]) -> None:
    """Say which cluster it is; of one that is not wanted, and not there, that it is none."""
    offered = row.get("candidates")
    if row.get("phase") != "UNKNOWN" or offered is None or not isinstance(case, GatewayCase):
        return
    mine = [one["native_id"] for one in offered if one["options"].get("key") == case.key]
    case.is_misled = case.is_misled or len(mine) < len(offered)
    if not mine and case.kind != "cancelled":
        return
    chosen = None if case.disowns or not mine else mine[0]
    with suppress(NoAnswer):
        # Even of an order whose answer is lost.
        case.disowned = case.disowned or chosen is None
        answer = api.call("POST", f"clusters/{row['id']}/identify", {"native_id": chosen})
        case.told.append(f"it is {chosen}: {answer.status} {answer.body.get('outcome')}")


def rows_on_gateway(api: Api, part_of_name: str) -> list[dict[str, Any]]:
    """Return their rows; one that was found bears the name that the gateway knows.

    Raises
    ------
    NoAnswer
        Also if the server cannot say.
    """
    rows = api.clusters("")
    named = [
        {**row, "name": row["spec"]["options"].get("name", "")} if row["is_found"] else row
        for row in rows
    ]
    return [row for row in named if part_of_name in row["name"]]


def tend(site: Site, accounts: Sequence[Account]) -> None:
    """Do what users do when all is mended: say which it is, stop what does not stop by itself.

    A scheduler without work asks its gateway for its end once; one that is down then is not asked
    again.
    """
    api = site.jupyter.api
    for account in accounts:
        row, case = account.row, account.case
        if row is None or not isinstance(case, GatewayCase):
            continue
        _say_which(api, case, row)
        was_asked = bool({"dask gateway", "dask gateway stopped"} & account.done)
        if was_asked and row["phase"] not in {*FINAL, "UNKNOWN"}:
            case.cancel_asked = True
            with suppress(NoAnswer):
                api.call("POST", f"clusters/{row['id']}/stop")
        _end_what_its_gateway_forgot(account)


def _end_what_its_gateway_forgot(account: Account) -> None:
    """End the scheduler of a cluster of which a gateway that was killed knows nothing any more.

    Dask Gateway 2026.3.0, killed after it started a scheduler and before it wrote that down, starts
    it again later, fails at the certificates that are there, and calls the cluster failed: only an
    administrator of the machine can end the first one.
    """
    row, case = account.row, account.case
    is_given_up = row is not None and row["phase"] in FINAL
    if account.living and is_given_up and "dask gateway" in account.done:
        if case.is_forgotten:
            processes.send(account.living, signal.SIGKILL)
        case.is_forgotten = True


def judge_on_gateway(accounts: list[Account]) -> Verdict:
    """Say what is wrong, and what had to be counted apart."""
    verdict = judge_clusters([one for one in accounts if not _is_explained(one)])
    for account in accounts:
        case = account.case
        if isinstance(case, GatewayCase) and case.is_misled:
            verdict.object("wrong", account, _MISLED)
        if _is_explained(account):
            verdict.apart[_APART[bool(account.starts)]] += 1
    return verdict


_APART: Final = {
    True: "disowned by its user, and over before it was found",
    False: "its answer was lost, and nothing was started",
}


def _is_explained(account: Account) -> bool:
    """Tell whether a row without a cluster says the truth, and nothing of it is there."""
    row, case = account.row, account.case
    if row is None or row["native_id"] is not None or account.living:
        return False
    if row["phase"] == "UNKNOWN":
        return row["reason"] == "answer_lost" and not account.starts
    is_disowned = isinstance(case, GatewayCase) and case.disowned
    return is_disowned and len({start.native_id for start in account.starts}) < 2
