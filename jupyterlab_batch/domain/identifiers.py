"""The ids that we mint, and the digest that tells two submissions apart."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime
from typing import Final

import msgspec

from jupyterlab_batch.domain.generated import ClusterSubmission, ResubmitPatch, Submission

KEY_PATTERN: Final = re.compile(r"[A-Za-z0-9_-]{16,64}")
TAG_PREFIX: Final = "jlb:"
"""Begins what batch systems show back of our jobs; the id of the job follows."""
_CROCKFORD: Final = "0123456789abcdefghjkmnpqrstvwxyz"


def new_job_id(now: datetime) -> str:
    """Return a fresh ULID in lower case: 26 characters, of which the first ten order by time."""
    number = (int(now.timestamp() * 1000) << 80) | secrets.randbits(80)
    return "".join(_CROCKFORD[(number >> shift) & 31] for shift in range(125, -1, -5))


def digest_of(submission: Submission | ClusterSubmission) -> str:
    """Return the SHA-256 of a submission in its one canonical form, as hexadecimal digits."""
    canonical = msgspec.json.encode(submission, order="deterministic")
    return hashlib.sha256(canonical).hexdigest()


def digest_of_resubmission(job_id: str, patch: ResubmitPatch) -> str:
    """Return what tells a resubmission of a job from any other submission, as `digest_of`."""
    canonical = msgspec.json.encode([job_id, patch], order="deterministic")
    return hashlib.sha256(canonical).hexdigest()
