"""Why a Slurm job waits: every reason that Slurm has a word for, in ours, with what to do.

Most of its words name a limit, by a grammar of their own: ``QOSMaxCpuPerUserLimit``,
``AssocGrpGRESMinutes``, ``MaxMemoryRunMinsPerAccount``; the others are in `reasons`. One that is in
neither is shown as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from jupyterlab_batch.domain.generated import ReasonCode
from jupyterlab_batch.gateways.slurm.reasons import KNOWN, PROSE
from jupyterlab_batch.gateways.slurm.states import Why

_RESOURCES: Final[Mapping[str, str]] = {
    "cpu": "cores",
    "mem": "memory",
    "memory": "memory",
    "node": "nodes",
    "gres": "GPUs or other devices",
    "license": "licenses",
    "bb": "burst buffer",
    "energy": "energy",
    "billing": "billing units",
    "resource": "resources",
    "wallduration": "time",
    "wall": "time",
    "time": "time",
    "unknown": "units of some resource",
}
_NAMES: Final = (
    "CPU|Cpu|Memory|Mem|Node|GRES|License|BB|Energy|Billing|Resource|WallDuration|Wall|Time|Unknown"
)
LIMIT: Final = re.compile(
    rf"(?P<who>Assoc(?:iation)?|QOS)?(?P<kind>Grp|Max|Min)?(?P<what>(?:Submit)?Jobs?|{_NAMES})"
    r"(?P<minutes>RunMinutes|RunMins|Minutes)?(?:Per(?P<per>Job|Node|User|Account))?"
    r"(?:Limit|NotSatisfied)?"
)


def why_waiting(slurm_reason: str | None) -> Why | None:
    """Say why a job is not running yet and what to do; ``None`` where Slurm does not say."""
    if not slurm_reason or slurm_reason == "None":
        return None
    start = next((word for begin, word in PROSE.items() if slurm_reason.startswith(begin)), None)
    word = start or slurm_reason.split(",")[0].strip()  # "ReqNodeNotAvail, UnavailableNodes:n1"
    known = KNOWN.get(word)
    if known is not None:
        return Why(*known)
    limit = LIMIT.fullmatch(word)
    if limit is None or not (limit["who"] or limit["kind"]):
        return Why("other", slurm_reason)
    code: ReasonCode = "limit_jobs" if "job" in limit["what"].lower() else "limit_resources"
    return Why(code, f"{_sentence(limit)} Slurm calls this limit {word}.")


def _sentence(limit: re.Match[str]) -> str:
    """Say in words which limit keeps a job back, and what to do."""
    what, per = limit["what"].lower(), (limit["per"] or "").lower()
    if "job" in what:
        state = "submitted" if "submit" in what else "running"
        return f"{_whose(limit)} the limit of {state} jobs. It starts when some have ended."
    resource = _RESOURCES[what]
    if limit["kind"] == "Min":
        return f"Its quality of service wants it to ask for more {resource}. Cancel it and do so."
    if per in ("job", "node"):
        asked = f"{resource} times time" if limit["minutes"] else resource
        return f"It asks for more {asked} than a {per} is allowed. Cancel it and ask for less."
    if limit["minutes"] and limit["minutes"].startswith("Run"):
        return (
            f"{_whose(limit)} the limit of {resource} times the time that running jobs may still "
            "take. It starts as that runs down, earlier with a shorter time limit."
        )
    if limit["minutes"] or what == "wall":
        times = "" if what == "wall" else f" {resource} times"
        return (
            f"{_whose(limit)} the limit of{times} time used. Choose another account, wait until "
            "older use counts less, or ask for more."
        )
    return f"{_whose(limit)} the limit of {resource} in use. It starts when other jobs have ended."


def _whose(limit: re.Match[str]) -> str:
    """Say who has reached a limit."""
    is_association = (limit["who"] or "").startswith("Assoc")
    if limit["per"] == "User":
        return "You have reached"
    if is_association and limit["kind"] == "Max":
        return "With this account you have reached"
    if is_association or limit["per"] == "Account":
        return "Your account has reached"
    return "All jobs of its quality of service have reached"
