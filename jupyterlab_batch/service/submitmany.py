"""Many submissions at once, each answered for itself."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from jupyterlab_batch.domain.generated import SubmissionResult
from jupyterlab_batch.domain.problems import BatchProblem
from jupyterlab_batch.service.company import Company
from jupyterlab_batch.service.refusals import valid_key
from jupyterlab_batch.service.submit import Submitter

_log = logging.getLogger(__name__)
AT_ONCE: Final = 32
"""So many of one gateway are on their way at the same time: of no more it can be unknown, after a
crash, whether they were sent."""
BEGIN_SECONDS: Final = 30.0
"""What is not begun by then is left: soon nobody waits for the answer any more."""


class ManySubmitter(msgspec.Struct, frozen=True, kw_only=True):
    """Submits many jobs by the road of one; what fails at one stops no other."""

    submitter: Submitter
    clock: Callable[[], float] = time.monotonic

    async def submit(
        self, asked: Mapping[str, Mapping[str, Any]], *, anyway: bool
    ) -> list[SubmissionResult]:
        """Submit each once per key, and return what came of it, in the same order.

        Parameters
        ----------
        asked
            Submissions by their keys.

        Raises
        ------
        KeyMissing
            A key can be none. Nothing was submitted.
        """
        for key in asked:
            valid_key(key)
        end = self.clock() + BEGIN_SECONDS
        # A gateway that is slow, or silent, delays no other.
        companies = defaultdict[str, Company](lambda: Company(is_late=lambda: self.clock() > end))
        turns = defaultdict[str, asyncio.Semaphore](lambda: asyncio.Semaphore(AT_ONCE))

        async def one(key: str, raw: Mapping[str, Any]) -> SubmissionResult:
            gateway_id = str(raw.get("gateway_id"))
            async with turns[gateway_id]:
                return await self._one(key, raw, companies[gateway_id], anyway=anyway)

        return list(await asyncio.gather(*(one(key, raw) for key, raw in asked.items())))

    async def _one(
        self, key: str, raw: Mapping[str, Any], company: Company, *, anyway: bool
    ) -> SubmissionResult:
        try:
            taken = await self.submitter.submit(raw, key=key, anyway=anyway, company=company)
        except BatchProblem as problem:
            return _refused(key, problem)
        except Exception:
            _log.exception("Submission %s", key)
            mistake = "The server made a mistake. Try again, with the same key."
            return _refused(key, BatchProblem(mistake))
        return SubmissionResult(key=key, row=taken.record.to_row(), problem=None)


def _refused(key: str, problem: BatchProblem) -> SubmissionResult:
    return SubmissionResult(key=key, row=None, problem=problem.to_wire())
