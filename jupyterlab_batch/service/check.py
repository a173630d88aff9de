"""What would happen to a submission, without touching any queue."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Final

import msgspec

from jupyterlab_batch.domain.asked import likeness_of
from jupyterlab_batch.domain.decoding import MAX_ISSUES, decode_submission, issue
from jupyterlab_batch.domain.generated import (
    Check,
    CommandTask,
    Cost,
    Gateway,
    Issue,
    JobSpec,
    Preview,
    Similar,
    Submission,
)
from jupyterlab_batch.domain.problems import GatewayUnreachable, StoreUnavailable
from jupyterlab_batch.engine.outputs import resolve_path
from jupyterlab_batch.engine.rundirectory import plan_run
from jupyterlab_batch.engine.runscript import RunContext
from jupyterlab_batch.gateways.charge import Charge
from jupyterlab_batch.service.asking import question
from jupyterlab_batch.service.capabilities import capability_issues
from jupyterlab_batch.service.dependencies import Dependencies
from jupyterlab_batch.service.files import FileRules
from jupyterlab_batch.service.gateways import Gateways, not_configured
from jupyterlab_batch.service.launching import context_of, launch_of_plan
from jupyterlab_batch.service.rules import rule_issues
from jupyterlab_batch.store.store import Store

_log = logging.getLogger(__name__)
_PLACEHOLDER_ID: Final = "0" * 26
_PLACEHOLDER_KEY: Final = "0" * 16
_PLACEHOLDER_NONCE: Final = "0" * 32


class Checker(msgspec.Struct, frozen=True, kw_only=True):
    """Finds all that is wrong with a submission at once."""

    gateways: Gateways
    files: FileRules
    dependencies: Dependencies
    context: RunContext
    store: Store

    async def check(self, raw: Mapping[str, Any]) -> Check:
        """Return what is wrong, and what would be sent if nothing is."""
        submission, issues = decode_submission(raw)
        if submission is not None:
            issues = _without_repeats([*issues, *await self.issues(submission)])
        preview, similar, charge = None, None, None
        if submission is not None:
            similar = await self._similar(submission.spec)
            charge = await self._charge(submission)
        if submission is not None and not has_errors(issues):
            preview = self._preview(submission)
        return Check(
            issues=issues,
            preview=preview,
            similar=similar,
            cost=None if submission is None else cost_of(submission.spec, charge, similar),
            allocation_left=None if charge is None else charge.left,
            limits=[] if charge is None else list(charge.limits),
        )

    async def issues(self, submission: Submission, *, source: Path | None = None) -> list[Issue]:
        """Return all that is wrong with a submission whose shape is right.

        Parameters
        ----------
        source
            To be run in place of the file that the spec names.
        """
        found = rule_issues(submission)
        if self.files.concern(submission.spec):
            found += await asyncio.to_thread(self.files.issues, submission.spec, source)
        gateway = self.gateways.find(submission.gateway_id)
        if gateway is None:
            message = not_configured(submission.gateway_id)
            found.append(issue("gateway_id", "unknown_gateway", message))
        else:
            description = await self.gateways.described(gateway.gateway_id)
            found += _placement(description, submission)
            lacks = list(capability_issues(description, submission.spec))
            if lacks and not self.gateways.is_known(gateway.gateway_id):
                why = f"{description.health.error} Nothing was submitted."
                raise GatewayUnreachable(why, gateway_id=gateway.gateway_id)
            found += lacks
            if description.capabilities.dependencies:
                found += await self.dependencies.issues(submission)
            found += await question(gateway, gateway.check(submission.spec))
        return _without_repeats(found)

    async def _charge(self, submission: Submission) -> Charge | None:
        """Return what it may take; a gateway that cannot say it stands in no one's way."""
        gateway = self.gateways.find(submission.gateway_id)
        if gateway is None:
            return None
        try:
            return await question(gateway, gateway.charge(submission.spec))
        except Exception:
            # An adapter may be a stranger's.
            _log.exception("Gateway %s cannot say what a job takes", submission.gateway_id)
            return None

    async def _similar(self, spec: JobSpec) -> Similar | None:
        """Return what jobs of before used; a store that cannot be read stands in no one's way."""
        names = {likeness_of(spec)}
        if not isinstance(spec.task, CommandTask):
            root = self.context.root_dir
            path = resolve_path(spec.task.path, root)
            names.add(str(path))
            if path.is_relative_to(root):
                names.add(path.relative_to(root).as_posix())
        try:
            return await self.store.similar(sorted(names))
        except StoreUnavailable:
            return None

    def _preview(self, submission: Submission) -> Preview:
        gateway = self.gateways.get(submission.gateway_id)
        plan = plan_run(
            submission.spec,
            gateway_id=submission.gateway_id,
            job_id=_PLACEHOLDER_ID,
            key=_PLACEHOLDER_KEY,
            nonce=_PLACEHOLDER_NONCE,
            created_at=datetime.now(timezone.utc),
            context=context_of(self.context, gateway),
        )
        return gateway.render(launch_of_plan(plan))


def cost_of(spec: JobSpec, charge: Charge | None, similar: Similar | None) -> Cost | None:
    """Return what a job takes at most, and what it is likely to take, judged by those before it."""
    if charge is None or charge.at_most is None:
        return None
    longest = None if similar is None else similar.max_elapsed_seconds
    part = None if longest is None else min(1.0, longest / max(spec.resources.walltime_seconds, 1))
    return Cost(
        likely=None if part is None else charge.at_most * part,
        at_most=charge.at_most,
        unit=charge.unit,
    )


def has_errors(issues: list[Issue]) -> bool:
    """Tell whether something stands in the way, rather than only being doubtful."""
    return any(found.severity == "error" for found in issues)


def _placement(description: Gateway, submission: Submission) -> Iterator[Issue]:
    placement = submission.spec.placement
    if isinstance(placement, msgspec.UnsetType):
        return
    queues = {queue.name for queue in description.queues}
    if placement.queue and queues and placement.queue not in queues:
        message = f"{description.title} has no such queue."
        yield issue("spec.placement.queue", "unknown_queue", message)
    accounts = set(description.accounts)
    if placement.account and accounts and placement.account not in accounts:
        message = f"You have no such account on {description.title}."
        yield issue("spec.placement.account", "unknown_account", message)


def _without_repeats(issues: list[Issue]) -> list[Issue]:
    first: dict[tuple[str, str], Issue] = {}
    for found in issues:
        first.setdefault((found.field_, found.code), found)
    return list(first.values())[:MAX_ISSUES]
