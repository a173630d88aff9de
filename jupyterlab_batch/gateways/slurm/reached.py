"""Which limit keeps a job back, and how much of it is used."""

from __future__ import annotations

import re
from typing import Final

from jupyterlab_batch.domain.generated import Allocation
from jupyterlab_batch.gateways.slurm.balances import (
    Balances,
    holding,
    left_of,
    lineage_of,
    said,
    where,
    whom,
)
from jupyterlab_batch.gateways.slurm.waiting import LIMIT

_ENDINGS: Final = {"Job": "PJ", "User": "PU", "Account": "PA", "Node": "PN", None: ""}
_RESOURCES: Final = {
    "cpu": "cpu",
    "mem": "mem",
    "memory": "mem",
    "node": "node",
    "billing": "billing",
    "energy": "energy",
    "gres": "gres/",
    "license": "license/",
    "bb": "bb/",
}
_REASON: Final = re.compile(r"\((\w+)\)")


def is_limit(native_state: str | None) -> bool:
    """Tell whether a job waits for a limit that Slurm names: ``PENDING (AssocGrpCpuLimit)``."""
    return _limit_in(native_state) is not None


def figures(
    native_state: str | None,
    account: str | None,
    balances: Balances,
    *,
    partition: str | None = None,
) -> str | None:
    """Say how much of the limit that keeps a job back is used; ``None`` where nobody knows."""
    match = _limit_in(native_state)
    if match is None:
        return None
    name, resource = _name_of(match)
    is_qos = match["who"] == "QOS"
    above = lineage_of(account, balances.parents)
    found = [
        one
        for one in holding(balances, partition, account)
        if one.limit == name
        and one.granted is not None
        and (
            one.resource == resource
            or (resource.endswith("/") and one.resource.startswith(resource))
        )
        and (one.qos is not None) == is_qos
        and (one.account in above or (is_qos and one.account is None))
    ]
    return _sentence(max(found, key=_fullness)) if found else None


def share(native_state: str | None, account: str | None, balances: Balances) -> str | None:
    """Say what the user's fair share is, where a job waits for those before it."""
    told = _REASON.search(native_state or "")
    factor = balances.fair_shares.get(account or "")
    if told is None or told[1] != "Priority" or factor is None:
        return None
    return (
        f"Your fair share in the account {account} is {factor:.2f} now, of at most 1: the more you "
        "and the account used of late, the less it is."
    )


def _limit_in(native_state: str | None) -> re.Match[str] | None:
    told = _REASON.search(native_state or "")
    limit = LIMIT.fullmatch(told[1]) if told else None
    return limit if limit and limit["who"] and limit["kind"] in ("Grp", "Max") else None


def _name_of(match: re.Match[str]) -> tuple[str, str]:
    """Return the name of a limit in Slurm's associations, and the resource it is one of."""
    what, kind, ending = match["what"].lower(), match["kind"], _ENDINGS[match["per"]]
    if "job" in what:
        is_submit = "submit" in what
        jobs = "SubmitJobs" if is_submit else "Jobs"
        return f"{kind}{jobs}{ending}", "submitted_jobs" if is_submit else "jobs"
    if what.startswith("wall"):
        return ("GrpWall" if kind == "Grp" else "MaxWallPJ"), "wall"
    minutes = match["minutes"] or ""
    times = "RunMins" if minutes.startswith("Run") else "Mins" if minutes else ""
    return f"{kind}TRES{times}{ending}", _RESOURCES.get(what, what)


def _fullness(one: Allocation) -> float:
    left = left_of(one)
    return -1.0 if left is None or not one.granted else 1 - left / one.granted


def _sentence(one: Allocation) -> str | None:
    if one.granted is None or (one.used is None and one.period != "each_job"):
        return None
    all_of_it, who = said(one.granted, one.unit), whom(one)
    if one.period == "each_job":
        return f"{where(one)} {who} may use {all_of_it}."
    used = said(one.used or 0, one.unit)
    if one.period == "at_once":
        return f"Of the {all_of_it} that {who} may use at a time, {used} are taken."
    running = (
        f" and jobs that run may take {said(one.reserved, one.unit)} more" if one.reserved else ""
    )
    return f"Of the {all_of_it} that {who} may use, {used} are used{running}."
