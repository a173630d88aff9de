"""Submitting: nothing is lost and nothing is sent twice."""

from __future__ import annotations

import asyncio
import logging
import secrets
import shutil
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

import msgspec
from msgspec.structs import replace

from jupyterlab_batch.domain.asked import dependencies_of
from jupyterlab_batch.domain.decoding import decode_submission
from jupyterlab_batch.domain.generated import Issue, Submission
from jupyterlab_batch.domain.identifiers import digest_of, new_job_id
from jupyterlab_batch.domain.problems import (
    AnswerLost,
    BatchProblem,
    HasWarnings,
    JobForgotten,
    KeyInFlight,
    KeyReused,
    StoreUnavailable,
)
from jupyterlab_batch.engine.rundirectory import Origin, RunPlan, plan_run
from jupyterlab_batch.engine.runscript import RunContext
from jupyterlab_batch.gateways.base import JobGateway
from jupyterlab_batch.gateways.launch import AwaitedJob, Submitted
from jupyterlab_batch.service.acknowledge import Acknowledger
from jupyterlab_batch.service.asking import send
from jupyterlab_batch.service.check import Checker, has_errors
from jupyterlab_batch.service.codeversion import CodeVersions
from jupyterlab_batch.service.company import Company
from jupyterlab_batch.service.dependencies import Dependencies
from jupyterlab_batch.service.gateways import Gateways
from jupyterlab_batch.service.launching import context_of, launch_of_plan
from jupyterlab_batch.service.lookup import LookUp, mark_answer_lost
from jupyterlab_batch.service.newjob import new_record
from jupyterlab_batch.service.rebuild import Rebuilder
from jupyterlab_batch.service.refusals import not_valid, not_written, valid_key
from jupyterlab_batch.service.takeback import take_back
from jupyterlab_batch.service.tasks import BackgroundTasks
from jupyterlab_batch.store.intents import Intent
from jupyterlab_batch.store.records import JobRecord
from jupyterlab_batch.store.store import Store

_log = logging.getLogger(__name__)


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """A submission that has a job."""

    record: JobRecord
    is_new: bool


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be submitted, and where it comes from."""

    submission: Submission
    issues: list[Issue]
    """What is known to be wrong with it already."""
    digest: str
    origin: Origin | None = None
    company: Company = msgspec.field(default_factory=Company)
    """Those with which it is submitted."""


class Submitter(msgspec.Struct, kw_only=True):
    """Hands jobs to gateways, each key once."""

    store: Store
    gateways: Gateways
    checker: Checker
    dependencies: Dependencies
    acknowledger: Acknowledger
    look_up: LookUp
    rebuilder: Rebuilder
    tasks: BackgroundTasks
    code_versions: CodeVersions
    context: RunContext
    owner: str
    _in_flight: dict[str, str] = msgspec.field(default_factory=dict)
    """Digest of what is being submitted at this moment, by key."""
    _sending: dict[str, str] = msgspec.field(default_factory=dict)
    """Id of the job that is being sent at this moment, by key."""

    def is_in_flight(self, key: str) -> bool:
        """Tell whether this server is submitting under a key at this moment."""
        return key in self._in_flight

    def is_sending(self, record: JobRecord) -> bool:
        """Tell whether this server awaits the answer to this job; a repeated key is not enough."""
        return self._sending.get(record.key) == record.id

    async def submit(
        self,
        raw: Mapping[str, Any],
        *,
        key: str | None,
        anyway: bool,
        company: Company | None = None,
    ) -> Taken:
        """Submit once per key.

        Raises
        ------
        KeyMissing, KeyInFlight, KeyReused, JobForgotten, NotValid, HasWarnings
            Nothing new was done.
        GatewayRefused, GatewayUnreachable, NotSignedIn, StoreUnavailable
            There is no job; the same key may be sent again.
        """
        key = valid_key(key)
        submission, issues = decode_submission(raw)
        if submission is None:
            raise not_valid(issues)
        order = Order(
            submission=submission,
            issues=issues,
            digest=digest_of(submission),
            company=company or Company(),
        )
        return await self.take(order, key=key, anyway=anyway)

    async def take(self, order: Order, *, key: str, anyway: bool) -> Taken:
        """Submit what was decoded already; raises what `submit` raises."""
        if key in self._in_flight:
            raise _repeated(self._in_flight[key] == order.digest)
        self._in_flight[key] = order.digest
        # A client that goes away must not stop a submission half-way.
        work = self.tasks.start(self._submit(order, key=key, anyway=anyway), name=f"submit {key}")
        work.add_done_callback(lambda _: self._landed(key))
        return await asyncio.shield(work)

    def _landed(self, key: str) -> None:
        self._in_flight.pop(key, None)
        self._sending.pop(key, None)

    async def find(self, key: str, digest: str) -> Taken | None:
        """Return the job of a key that was sent before.

        Raises
        ------
        KeyInFlight, KeyReused, JobForgotten, StoreUnavailable
        """
        known = await self.rebuilder.intent(key)
        return None if known is None else _known(known, digest)

    async def _submit(self, order: Order, *, key: str, anyway: bool) -> Taken:
        is_silent = self.gateways.stale_since(order.submission.gateway_id) is not None
        if is_silent or dependencies_of(order.submission.spec):
            # Its check takes long, or needs a store that knows all jobs.
            known = await self.find(key, order.digest)
            if known is not None:
                return known
        try:
            await self._check(order, anyway=anyway)
            gateway = self.gateways.get(order.submission.gateway_id)
            awaited = await self.dependencies.awaited(order.submission)
            plan = self._plan(order, key)
            record = new_record(
                plan.job_file, plan.spec, directory=plan.directory, owner=self.owner
            )
            self._sending[key] = record.id
            intent = await self.rebuilder.take(record, order.digest)
        except StoreUnavailable:
            # It was waited for already: whoever sent the key is told before it gives up.
            raise
        except Exception:
            # Whatever is wrong by now: a key that was sent before leads to its job.
            known = await self.find(key, order.digest)
            if known is None:
                raise
            return known
        if not intent.is_new:
            return _known(intent, order.digest)
        try:
            code = await order.company.write(plan, order.origin)
        except Exception as error:
            await take_back(self.store, self.tasks, record.id)
            if isinstance(error, OSError):
                raise not_written(error, plan) from error
            raise
        version = self.code_versions.look(code)
        async with order.company.sending:
            sent = await self._send(gateway, plan, awaited, intent.record or record)
        self.code_versions.keep(plan, version)
        return Taken(record=sent, is_new=True)

    async def _check(self, order: Order, *, anyway: bool) -> None:
        order.company.begin(order.submission.gateway_id)
        source = None if order.origin is None else order.origin.source
        found = await self.checker.issues(order.submission, source=source)
        issues = order.issues + found
        if has_errors(issues):
            raise not_valid(issues)
        if issues and not anyway:
            raise HasWarnings(
                "There are warnings. Nothing was submitted.", field=issues[0].field_, detail=issues
            )

    async def _send(
        self,
        gateway: JobGateway,
        plan: RunPlan,
        awaited: tuple[AwaitedJob, ...],
        record: JobRecord,
    ) -> JobRecord:
        try:
            submitted = await send(gateway, launch_of_plan(plan, awaited))
        except BatchProblem:
            await take_back(self.store, self.tasks, record.id)
            await asyncio.to_thread(shutil.rmtree, plan.directory, ignore_errors=True)
            raise
        except AnswerLost:
            return await self._lost(record)
        except Exception:
            # A mistake of the adapter: nobody can tell whether the job exists.
            _log.exception("Gateway %s failed to submit %s", record.gateway_id, record.id)
            return await self._lost(record)
        try:
            taken = await self._acknowledge(record, plan.digest, submitted)
        except StoreUnavailable as problem:
            # The job exists, whatever the store can keep: it is found again by its tag.
            _log.error("Job %s is %s: %s", record.id, submitted.native_id, problem.message)
            return await self._lost(record)
        return taken or record

    async def _acknowledge(
        self, record: JobRecord, digest: str, submitted: Submitted
    ) -> JobRecord | None:
        taken = await self.acknowledger.acknowledge(record.id, submitted)
        if taken is None:
            # The store was lost meanwhile, and is made again without what was being sent.
            await self.store.begin(record, digest)
            taken = await self.acknowledger.acknowledge(record.id, submitted)
        return taken

    async def _lost(self, record: JobRecord) -> JobRecord:
        self.look_up.start(record)
        try:
            unknown = await self.store.update(record.id, mark_answer_lost)
        except StoreUnavailable as problem:
            _log.error("%s", problem.message)
            unknown = None
        return unknown or replace(record, **mark_answer_lost(record))

    def _plan(self, order: Order, key: str) -> RunPlan:
        now = datetime.now(timezone.utc)
        plan = plan_run(
            order.submission.spec,
            gateway_id=order.submission.gateway_id,
            job_id=new_job_id(now),
            key=key,
            nonce=secrets.token_hex(16),
            created_at=now,
            context=context_of(self.context, self.gateways.get(order.submission.gateway_id)),
            origin=order.origin,
        )
        return replace(plan, digest=order.digest)


def _known(intent: Intent, digest: str) -> Taken:
    if intent.digest != digest:
        raise _repeated(is_same=False)
    if intent.record is None:
        raise JobForgotten(
            "This was already submitted, and the record of its job was forgotten since. Nothing "
            "was sent again. To run it once more, submit it as another job."
        )
    if intent.record.phase == "PENDING":
        raise _repeated(is_same=True)
    return Taken(record=intent.record, is_new=False)


def _repeated(is_same: bool) -> BatchProblem:
    if is_same:
        return KeyInFlight(
            "This is being submitted at this moment. Nothing was sent twice.",
            retry_after_seconds=1.0,
        )
    return KeyReused(
        "This form was already submitted, with other content. Nothing new was sent. "
        "Submit it as another job."
    )
