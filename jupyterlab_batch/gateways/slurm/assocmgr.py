"""What ``scontrol show assoc_mgr`` prints, read into the limits that concern the user.

It prints what slurmctld itself goes by: of each limit a pair ``limit(used)``, with ``N`` for none
and minutes for times. Told of one user it leaves out the associations of all others, but not those
of accounts. A record is some lines; the first one says whose it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import msgspec

from jupyterlab_batch.gateways.slurm.balances import EACH_JOB, Holder, Limited, lineage_of

SOURCE: Final = "scontrol show assoc_mgr"
_PAIR: Final = re.compile(r"([\w/]+)=(\S*)")
_VALUE: Final = re.compile(r"(N|\d{1,18})(?:\((\d{1,18}(?:\.\d+)?)\))?")
_SHARES: Final = "SharesRaw/Norm/Level/Factor"
_FRACTION: Final = re.compile(r"\d{1,3}\.\d{1,9}", re.ASCII)
_COUNTS: Final = {
    "GrpJobs": "jobs",
    "GrpSubmitJobs": "submitted_jobs",
    "GrpWall": "wall",
    "MaxJobs": "jobs",
    "MaxSubmitJobs": "submitted_jobs",
    "MaxWallPJ": "wall",
    "MaxJobsPA": "jobs",
    "MaxSubmitJobsPA": "submitted_jobs",
    "MaxJobsPU": "jobs",
    "MaxSubmitJobsPU": "submitted_jobs",
}
_RESOURCES: Final = frozenset(
    {
        "GrpTRES",
        "GrpTRESMins",
        "GrpTRESRunMins",
        "MaxTRESPJ",
        "MaxTRESPN",
        "MaxTRESMinsPJ",
        "MaxTRESPA",
        "MaxTRESPU",
    }
)


class _Record(msgspec.Struct, kw_only=True):
    """The fields of one association, of one QOS, or of one user or account of a QOS."""

    holder: Holder
    fields: dict[str, str] = msgspec.field(default_factory=dict)


def read(text: str, *, user_name: str, uid: int | None) -> list[Limited]:
    """Read all limits of the user, of the user's accounts with those above them, and of the QOS.

    What is no pair is left out, and so are the limits of accounts that only hold for their users:
    slurmctld gives each user a copy.
    """
    records = list(_records(text, user_name, uid))
    parents = parents_of(text)
    own = {one.holder.account for one in records if one.holder.user and one.holder.qos is None}
    known = {above for account in own for above in lineage_of(account, parents)}
    return [
        limited
        for one in records
        if one.holder.qos is not None or one.holder.account in known
        for limited in _limits(one)
    ]


def fair_shares(text: str, *, user_name: str, uid: int | None) -> dict[str, float]:
    """Return the user's fair-share factor in each account, from 0 to 1."""
    found = {}
    for one in _records(text, user_name, uid):
        factor = one.fields.get(_SHARES, "").rpartition("/")[2]
        if (
            one.holder.account
            and one.holder.user
            and not one.holder.partition
            and _FRACTION.fullmatch(factor)
        ):
            found[one.holder.account] = float(factor)
    return found


def parents_of(text: str) -> dict[str, str]:
    """Return the account above each account."""
    found: dict[str, str] = {}
    account = user = ""
    for line in text.splitlines():
        pairs = dict(_PAIR.findall(line))
        if "ClusterName" in pairs:
            account, user = pairs.get("Account", ""), pairs.get("UserName", "")
        elif pairs.get("ParentAccount") and account and not user:
            found[account] = _name(pairs["ParentAccount"])
    return found


def _records(text: str, user_name: str, uid: int | None) -> Iterator[_Record]:
    """Cut the text into records of the user's own, of accounts, and of QOS."""
    mine = {user_name, str(uid)}
    present: _Record | None = None
    qos, part = "", ""
    for line in text.splitlines():
        pairs = _PAIR.findall(line)
        words = line.strip()
        if not pairs:
            if words in ("Account Limits", "User Limits"):
                part = words
            elif qos and part and words:
                holder = _part(qos, part, words, user_name if _name(words) in mine else None)
                if present is not None:
                    yield present
                present = None if holder is None else _Record(holder=holder)
            continue
        begins = pairs[0][0] in ("ClusterName", "QOS") and not line.startswith(" ")
        if begins:
            if present is not None:
                yield present
            told = dict(pairs)
            qos, part = _name(told.get("QOS", "")), ""
            present = _head(told, qos, user_name, mine)
        elif present is not None:
            present.fields.update(pairs)
    if present is not None:
        yield present


def _head(told: dict[str, str], qos: str, user_name: str, mine: set[str]) -> _Record | None:
    """Begin a record; ``None`` if it is another user's."""
    if qos:
        return _Record(holder=Holder(qos=qos))
    user = _name(told.get("UserName", ""))
    if not told.get("Account") or (user and user not in mine):
        return None
    return _Record(
        holder=Holder(
            account=told["Account"],
            user=user_name if user else None,
            partition=told.get("Partition") or None,
        )
    )


def _part(qos: str, part: str, name: str, user: str | None) -> Holder | None:
    """Return whose part of a QOS comes; ``None`` if it is another user's."""
    if part == "Account Limits":
        return Holder(qos=qos, account=_name(name))
    return Holder(qos=qos, user=user) if user else None


def _limits(record: _Record) -> Iterator[Limited]:
    is_account = record.holder.qos is None and record.holder.user is None
    for name, value in record.fields.items():
        if is_account and not name.startswith("Grp"):
            continue
        if name in _COUNTS:
            yield from _limit(record.holder, name, _COUNTS[name], value)
        elif name in _RESOURCES:
            for part in value.split(","):
                resource, _, pair = part.partition("=")
                yield from _limit(record.holder, name, resource, pair)


def _limit(holder: Holder, name: str, resource: str, text: str) -> Iterator[Limited]:
    match = _VALUE.fullmatch(text)
    if match and resource:
        yield Limited(
            holder=holder,
            limit=name,
            resource=resource,
            granted=None if match[1] == "N" else int(match[1]),
            used=None if match[2] is None or name in EACH_JOB else float(match[2]),
            source=SOURCE,
        )


def _name(text: str) -> str:
    """Return a name without the number behind it: ``alice(1002)``."""
    return text.partition("(")[0]
