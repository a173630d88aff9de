"""What Slurm says of limits and of what is used of them, read from what real ones once said."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyterlab_batch.domain.generated import Allocation
from jupyterlab_batch.gateways.slurm import assocmgr
from jupyterlab_batch.gateways.slurm.balances import (
    Balances,
    Holder,
    Limited,
    Terms,
    allocations_of,
    left_of,
)
from jupyterlab_batch.gateways.slurm.clibalances import shares_of, unused, weights_of
from jupyterlab_batch.gateways.slurm.reached import figures, share
from jupyterlab_batch.gateways.slurm.restbalances import (
    association_limits,
    fair_shares_of,
    qos_limits,
    with_use,
)
from jupyterlab_batch.gateways.slurm.restbalances import shares_of as rest_shares_of
from tests.gateways.rigs.standin import RECORDINGS, recorded

NOW = datetime.now(timezone.utc)
TOLD = (RECORDINGS / "assoc-mgr-22.05.txt").read_text()
WEEK = 7 * 86400.0
SHARES: dict[str, Any] = {
    "shares": {
        "shares": [
            {
                "name": name,
                "parent": parent,
                "type": [kind],
                "partition": "",
                "fairshare": {"factor": factor},
                "tres": {
                    "run_seconds": [{"name": "cpu", "value": {"set": True, "number": 7200}}],
                    "group_minutes": [{"name": "cpu", "value": {"set": True, "number": 6000}}],
                    "usage": [{"name": "cpu", "value": {"set": True, "number": 36000.5}}],
                },
            }
            for name, parent, kind, factor in (
                ("astro", "root", "ASSOCIATION", 0.5),
                ("root", "astro", "USER", 0.25),
                ("root", "lens", "USER", {"set": True, "infinite": False, "number": 0.75}),
                ("root", "unused", "USER", {"set": False, "infinite": False, "number": 0.0}),
                ("root", "basic", "USER", 0.0),
                ("alice", "astro", "USER", 0.125),
            )
        ]
    }
}
"""As the description of v0.0.40 has it; no such slurmrestd can be started here."""


def read(text: str = TOLD, user_name: str = "root", uid: int = 0) -> list[Allocation]:
    limits = assocmgr.read(text, user_name=user_name, uid=uid)
    terms = Terms(half_life_seconds=WEEK, lasting_qos=frozenset({"debug"}))
    return allocations_of(limits, terms, gateway_id="slurm", as_of=NOW)


def one(allocations: list[Allocation], limit: str, resource: str, **of: str | None) -> Allocation:
    whose = {"account": None, "user": None, "qos": None, **of}
    (found,) = [
        each
        for each in allocations
        if (each.limit, each.resource) == (limit, resource)
        and all(getattr(each, name) == value for name, value in whose.items())
    ]
    return found


def test_minutes_become_hours_and_what_runs_is_reserved() -> None:
    shared = one(read(), "GrpTRESMins", "cpu", account="astro")
    assert (shared.granted, shared.unit, shared.used) == (100, "core_hours", 0)
    assert shared.reserved == pytest.approx(40 / 60)
    assert left_of(shared) == pytest.approx(100 - 40 / 60)
    assert (shared.period, shared.half_life_seconds) == ("fading", WEEK)
    assert shared.enforced_by == "scheduler" and shared.source == "scontrol show assoc_mgr"
    memory = one(read(), "GrpTRESMins", "mem", account="astro")
    assert memory.unit == "gigabyte_hours"
    assert memory.granted == pytest.approx(1e6 / 60 / 1024)


def test_what_is_taken_at_a_time_and_what_each_job_may() -> None:
    told = read()
    cores = one(told, "GrpTRES", "cpu", account="astro")
    assert (cores.granted, cores.used, cores.period) == (8, 4, "at_once")
    jobs = one(told, "MaxJobs", "jobs", account="astro", user="root")
    assert (jobs.granted, jobs.used, jobs.unit) == (3, 2, "jobs")
    wall = one(told, "MaxWallPJ", "wall", account="astro", user="root")
    assert (wall.granted, wall.used, wall.unit, wall.period) == (1, None, "hours", "each_job")
    mine = one(told, "MaxTRESPU", "cpu", user="root", qos="debug")
    assert (mine.granted, mine.used) == (2, 2)
    lasting = one(told, "GrpTRESMins", "cpu", qos="debug")
    assert (lasting.period, lasting.half_life_seconds) == ("total", None)


def test_accounts_above_count_and_others_do_not() -> None:
    told = read()
    assert one(told, "GrpTRESMins", "billing", account="root").unit == "unit_hours"
    assert assocmgr.parents_of(TOLD) == {"astro": "root"}
    hers = read(TOLD, "alice", 1002)
    assert [each for each in hers if each.account] == []
    assert {each.user for each in hers} == {None}


def test_without_a_limit_only_what_the_account_used_is_told() -> None:
    text = TOLD.replace("cpu=6000(0)", "cpu=N(600)")
    spent = one(read(text), "GrpTRESMins", "cpu", account="astro")
    assert (spent.granted, spent.used, left_of(spent)) == (None, 10, None)


@given(st.text() | st.text(alphabet="QOSN=()0123456789,cpuGrpTREMins \n", max_size=200))
def test_nonsense_is_no_limit(nonsense: str) -> None:
    read(nonsense)
    assocmgr.fair_shares(f"{TOLD}{nonsense}", user_name="root", uid=0)
    read(f"QOS={nonsense}\n{TOLD}\n{nonsense}")
    list(unused(nonsense, [], "root"))
    list(shares_of(nonsense, "root"))
    weights_of(nonsense)


def test_values_that_are_no_numbers_are_left_out() -> None:
    for wrong in ("cpu=x(1)", "cpu=-5(1)", "cpu=8(", "cpu=" + "9" * 30 + "(1)", "=8(1)"):
        text = TOLD.replace("GrpTRES=cpu=8(4)", f"GrpTRES={wrong}")
        assert text != TOLD
        assert not [each for each in read(text) if each.limit == "GrpTRES"]


def test_where_no_limit_is_counted_yet_nothing_is_used() -> None:
    told = list(unused("normal||cpu=4,mem=100M|7|\ndebug|NoDecay|cpu=2||", [], "ada"))
    assert [(each.holder.qos, each.resource, each.granted, each.used) for each in told] == [
        ("normal", "cpu", 4, 0),
        ("normal", "mem", 100, 0),
        ("normal", "jobs", 7, 0),
        ("debug", "cpu", 2, 0),
    ]


def test_shares_where_the_rest_is_kept_secret() -> None:
    told = list(shares_of("astro||cpu=6000|cpu=120,mem=5\n astro|root||cpu=60\nbroken", "root"))
    assert [(each.holder.user, each.resource, each.granted, each.used) for each in told] == [
        (None, "cpu", 6000, 120),
        (None, "mem", None, 5),
        ("root", "cpu", None, 60),
    ]


def test_limits_of_v38_have_no_use() -> None:
    told = recorded("limits-v0.0.38")
    limits = [
        *association_limits(told["associations"], "root", 38),
        *qos_limits(told["QOS"], "root", 38),
    ]
    found = {(each.holder, each.limit, each.resource): each.granted for each in limits}
    mine, shared = Holder(account="astro", user="root"), Holder(account="astro")
    assert found[mine, "MaxJobs", "jobs"] == 3
    assert found[mine, "MaxSubmitJobs", "submitted_jobs"] == 50
    assert found[mine, "MaxWallPJ", "wall"] == 60
    assert found[mine, "MaxTRESPJ", "cpu"] == 6
    assert found[shared, "GrpTRESMins", "cpu"] == 6000
    assert found[shared, "GrpTRES", "cpu"] == 8
    assert found[shared, "GrpJobs", "jobs"] == 20
    assert found[shared, "GrpWall", "wall"] == 5000
    debug, of_mine = Holder(qos="debug"), Holder(qos="debug", user="root")
    assert (debug, "GrpTRESMins", "cpu") not in found  # 22.05 leaves it out
    assert found[debug, "MaxTRESPJ", "cpu"] == 5
    assert found[of_mine, "MaxTRESPU", "cpu"] == 2
    assert found[of_mine, "MaxJobsPU", "jobs"] == 4
    assert found[of_mine, "MaxSubmitJobsPU", "submitted_jobs"] == 11
    assert {each.used for each in limits} == {None}


def test_later_versions_wrap_numbers_and_tell_what_is_used_of_minutes() -> None:
    told = json.loads(json.dumps(recorded("limits-v0.0.38")["associations"]), object_hook=_wrapped)
    limits = list(association_limits(told, "root", 40))
    used = rest_shares_of(SHARES, "root")
    found = allocations_of(with_use(limits, used, "shares"), Terms(), gateway_id="slurm", as_of=NOW)
    shared = one(found, "GrpTRESMins", "cpu", account="astro")
    assert (shared.granted, shared.used, shared.reserved) == (100, 10, 2)
    assert one(found, "GrpTRES", "cpu", account="astro").used is None
    assert one(found, "GrpTRESMins", "cpu", account="astro", user="root").granted is None
    assert all(each.user in (None, "root") for each in found)


def test_slurmrestd_tells_the_fair_share_where_it_counts() -> None:
    assert fair_shares_of(SHARES, "root") == {"astro": 0.25, "lens": 0.75}
    assert fair_shares_of(SHARES, "ada") == {}
    for nonsense in ({}, {"shares": None}, {"shares": {"shares": [{"fairshare": 3}]}}):
        assert fair_shares_of(nonsense, "root") == {}


def _wrapped(value: dict[str, Any]) -> dict[str, Any]:
    return {
        name: {"set": part is not None, "infinite": False, "number": part or 0}
        if name in ("count", "active", "total", "submitted", "wall_clock") and not _is_inner(part)
        else part
        for name, part in value.items()
    }


def _is_inner(part: object) -> bool:
    return isinstance(part, dict | list)


def test_weights_of_partitions() -> None:
    line = "PartitionName=gpu Nodes=n1 TRESBillingWeights=CPU=1.0,Mem=1024G,GRES/gpu=2.5 TRES=cpu=8"
    assert weights_of(f"{line}\nPartitionName=plain Nodes=n2 TRES=cpu=8") == {
        "gpu": {"cpu": 1.0, "mem": 1.0, "gres/gpu": 2.5}
    }


REASONS = {
    "AssocGrpCpuLimit": "Of the 8 cores that the account astro may use at a time, 4 cores are",
    "QOSMaxCpuPerUserLimit": "you with the quality of service debug may use at a time, 2 cores are",
    "AssocMaxJobsLimit": "Of the 3 jobs that you in the account astro may use at a time, 2 jobs",
    "AssocGrpCPUMinutesLimit": "Of the 100 core-hours that the account astro may use, 0 core-hours",
    "AssocGrpBillingMinutes": "Of the 1,500 unit-hours that the account root may use",
    "AssocMaxWallDurationPerJobLimit": "In one job you in the account astro may use 1 hour.",
    "AssocMaxCpuPerNode": "On one node you in the account astro may use 3 cores.",
    "AssocMaxCpuPerJobLimit": "In one job you in the account astro may use 6 cores.",
}


@pytest.mark.parametrize("reason", REASONS)
def test_a_reason_says_how_much_is_used(reason: str) -> None:
    told = TOLD.replace("cpu=6\n    MaxTRESPN=\n", "cpu=6\n    MaxTRESPN=cpu=3\n")
    balances = Balances(allocations=read(told), parents={"astro": "root"}, as_of=NOW)
    said = figures(f"PENDING ({reason})", "astro", balances)
    assert said is not None
    assert REASONS[reason] in said


def test_a_job_behind_others_says_the_fair_share() -> None:
    shares = assocmgr.fair_shares(TOLD, user_name="root", uid=0)
    assert shares == {"root": 1, "astro": 1}
    balances = Balances(fair_shares={"astro": 0.25})
    said = share("PENDING (Priority)", "astro", balances)
    assert said is not None and "is 0.25 now" in said
    assert share("PENDING (Priority)", "other", balances) is None
    assert share("PENDING (Resources)", "astro", balances) is None


@pytest.mark.parametrize(
    "state",
    [
        None,
        "RUNNING",
        "PENDING (Priority)",
        "PENDING (AssocGrpGRES)",
        "PENDING (QOSMinCpuNotSatisfied)",
    ],
)
def test_other_reasons_have_no_figures(state: str | None) -> None:
    balances = Balances(allocations=read(), parents={"astro": "root"}, as_of=NOW)
    assert figures(state, "astro", balances) is None
    assert figures("PENDING (AssocGrpCpuLimit)", "other", balances) is None


def test_what_is_full_is_told_first() -> None:
    some = [
        Limited(
            holder=Holder(qos=name),
            limit="GrpJobs",
            resource="jobs",
            granted=4,
            used=used,
            source="",
        )
        for name, used in (("a", 1.0), ("b", 4.0), ("c", 0.0))
    ]
    rows = allocations_of(some, Terms(), gateway_id="slurm", as_of=NOW)
    said = figures("PENDING (QOSGrpJobsLimit)", "astro", Balances(allocations=rows, as_of=NOW))
    assert said is not None and "service b" in said
