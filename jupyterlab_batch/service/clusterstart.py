"""Starting Dask clusters: nothing is lost and nothing is started twice, as with jobs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any, Final

import msgspec

from jupyterlab_batch.domain.decoding import decode_cluster_submission
from jupyterlab_batch.domain.generated import (
    ClusterCheck,
    ClusterOffer,
    ClusterSubmission,
    Issue,
)
from jupyterlab_batch.domain.identifiers import TAG_PREFIX, digest_of, new_job_id
from jupyterlab_batch.domain.problems import (
    AnswerLost,
    BatchProblem,
    ClusterForgotten,
    KeyInFlight,
    KeyReused,
    StoreUnavailable,
)
from jupyterlab_batch.engine.runscript import RunContext
from jupyterlab_batch.gateways.clusters import Accepted, ClusterGateway, Wanted
from jupyterlab_batch.service.asking import SUBMIT_SECONDS, TooLate, question, within
from jupyterlab_batch.service.check import has_errors
from jupyterlab_batch.service.clusteradopt import memo_of
from jupyterlab_batch.service.clustergateways import ClusterGateways
from jupyterlab_batch.service.clusterlookup import ClusterLookUp, mark_answer_lost
from jupyterlab_batch.service.clusterrules import (
    idle_stop_of,
    name_of,
    rule_issues,
    working_directory_of,
)
from jupyterlab_batch.service.clusterworkers import workers_of
from jupyterlab_batch.service.launchcluster import launch_of
from jupyterlab_batch.service.refusals import not_valid, valid_key
from jupyterlab_batch.service.tasks import BackgroundTasks
from jupyterlab_batch.store.clusterrecords import ClusterRecord
from jupyterlab_batch.store.clusters import ClusterIntent
from jupyterlab_batch.store.store import Store

_log = logging.getLogger(__name__)
_REUSED: Final = (
    "This was already sent, with other content. Nothing new was started. Start another cluster."
)
_FORGOTTEN: Final = (
    "This was already sent, and the record of its cluster was forgotten since. Nothing was started."
)


class Started(msgspec.Struct, frozen=True, kw_only=True):
    """A submission that has a cluster."""

    record: ClusterRecord
    is_new: bool


class ClusterStarter(msgspec.Struct, kw_only=True):
    """Hands clusters to gateways, each key once."""

    store: Store
    gateways: ClusterGateways
    look_up: ClusterLookUp
    tasks: BackgroundTasks
    context: RunContext
    owner: str
    _in_flight: dict[str, str] = msgspec.field(default_factory=dict)
    """Digest of what is being started at this moment, by key."""

    def is_in_flight(self, key: str) -> bool:
        """Tell whether this server is starting something under a key at this moment."""
        return key in self._in_flight

    async def check(self, raw: Mapping[str, Any]) -> ClusterCheck:
        """Return what `start` would refuse, and what it would give otherwise.

        Raises
        ------
        UnknownGateway
        """
        submission, issues = decode_cluster_submission(raw)
        if submission is not None:
            gateway = self.gateways.get(submission.gateway_id)
            offer = await self.gateways.offer(gateway)
            issues += await self._check(gateway, offer, submission)
        return ClusterCheck(issues=issues)

    async def start(self, raw: Mapping[str, Any], *, key: str | None) -> Started:
        """Start a cluster once per key.

        Raises
        ------
        KeyMissing, KeyInFlight, KeyReused, ClusterForgotten, NotValid
            Nothing new was done.
        GatewayRefused, GatewayUnreachable, NotSignedIn, StoreUnavailable
            There is no cluster; the same key may be sent again.
        """
        key = valid_key(key)
        submission, issues = decode_cluster_submission(raw)
        if submission is None:
            raise not_valid(issues)
        digest = digest_of(submission)
        if key in self._in_flight:
            raise _repeated(is_same=self._in_flight[key] == digest)
        self._in_flight[key] = digest
        # A client that goes away must not stop it half-way.
        work = self.tasks.start(
            self._start(submission, issues, key, digest), name=f"start cluster {key}"
        )
        work.add_done_callback(lambda _: self._in_flight.pop(key, None))
        return await asyncio.shield(work)

    async def _start(
        self, submission: ClusterSubmission, issues: list[Issue], key: str, digest: str
    ) -> Started:
        known = await self.store.cluster_intent(key)
        if known is not None:
            return _known(known, digest)
        gateway = self.gateways.get(submission.gateway_id)
        offer = await self.gateways.offer(gateway)
        issues += await self._check(gateway, offer, submission)
        if has_errors(issues):
            raise not_valid(issues)
        record = self._new_record(submission, offer, key)
        intent = await self.store.begin_cluster(record, digest)
        if not intent.is_new or intent.record is None:
            return _known(intent, digest)
        memo = memo_of(intent.record, digest)
        return Started(record=await self._send(gateway, intent.record, memo), is_new=True)

    async def _check(
        self, gateway: ClusterGateway, offer: ClusterOffer, submission: ClusterSubmission
    ) -> list[Issue]:
        root_dir = self.context.root_dir
        found = await asyncio.to_thread(lambda: list(rule_issues(submission.spec, offer, root_dir)))
        return found + await question(gateway, gateway.check(submission.spec))

    def _new_record(
        self, submission: ClusterSubmission, offer: ClusterOffer, key: str
    ) -> ClusterRecord:
        now = datetime.now(timezone.utc)
        cluster_id = new_job_id(now)
        spec = submission.spec
        accepted = Accepted(wanted=Wanted.of(spec.workers), note=None)
        return ClusterRecord(
            id=cluster_id,
            key=key,
            tag=TAG_PREFIX + cluster_id,
            gateway_id=submission.gateway_id,
            name=name_of(spec),
            phase="PENDING",
            workers=workers_of(accepted, ready=None),
            created_at=now,
            idle_stop_seconds=idle_stop_of(spec, offer),
            working_directory=str(working_directory_of(spec, self.context.root_dir)),
            spec=spec,
            owner=self.owner,
        )

    async def _send(
        self, gateway: ClusterGateway, record: ClusterRecord, memo: str
    ) -> ClusterRecord:
        launch = launch_of(record, self.context, memo)
        try:
            created = await within(SUBMIT_SECONDS, gateway.create(launch))
        except BatchProblem:
            await self._take_back(record.id)
            raise
        except (AnswerLost, TooLate):
            return await self._lost(record)
        except Exception:
            # A mistake of the adapter: nobody can tell whether the cluster exists.
            _log.exception("Gateway %s failed to start %s", record.gateway_id, record.id)
            return await self._lost(record)
        try:
            return await self.look_up.acknowledge(record, created)
        except StoreUnavailable as problem:
            # It exists, whatever the store can keep: it is found again by its tag.
            _log.error("Cluster %s is %s: %s", record.id, created.native_id, problem.message)
            return await self._lost(record)

    async def _take_back(self, cluster_id: str) -> None:
        try:
            await self.store.take_back_cluster(cluster_id)
        except StoreUnavailable as problem:
            # It stays as one whose answer was lost: it is looked up, and not found.
            _log.error("%s", problem.message)

    async def _lost(self, record: ClusterRecord) -> ClusterRecord:
        self.look_up.start(record)
        try:
            unknown = await self.store.update_cluster(record.id, mark_answer_lost)
        except StoreUnavailable as problem:
            _log.error("%s", problem.message)
            unknown = None
        return unknown or msgspec.structs.replace(record, **mark_answer_lost(record))


def _known(intent: ClusterIntent, digest: str) -> Started:
    if intent.digest != digest:
        raise _repeated(is_same=False)
    if intent.record is None:
        raise ClusterForgotten(_FORGOTTEN)
    if intent.record.phase == "PENDING":
        raise _repeated(is_same=True)
    return Started(record=intent.record, is_new=False)


def _repeated(*, is_same: bool) -> BatchProblem:
    if is_same:
        message = "This is being started at this moment. Nothing was started twice."
        return KeyInFlight(message, retry_after_seconds=1.0)
    return KeyReused(_REUSED)
