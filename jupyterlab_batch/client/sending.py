"""Sending a submission so that it runs once, whatever becomes of the answers."""

from __future__ import annotations

import os
import time
from typing import TypeVar
from urllib.parse import quote

from jupyterlab_batch.client.decode import encode
from jupyterlab_batch.client.errors import BatchError
from jupyterlab_batch.client.generated import Job, Submission
from jupyterlab_batch.client.transport import Transport

_T = TypeVar("_T")
PAUSES_SECONDS = (0.2, 1.0, 3.0)
_TRY_AGAIN = frozenset({"answer_lost", "key_in_flight", "server_unreachable"})
UNCERTAIN = frozenset({"answer_lost", "key_in_flight", "internal"})


def new_key() -> str:
    """Make a key that no other submission has."""
    return os.urandom(16).hex()


def send(transport: Transport, submission: Submission, *, key: str, anyway: bool) -> Job:
    """Submit what is asked for; raises what `send_once` raises."""
    body = encode(submission, omit_null=True)
    return send_once(transport, "jobs", body, key=key, anyway=anyway)


def send_once(transport: Transport, path: str, body: object, *, key: str, anyway: bool) -> Job:
    """Submit; on a lost answer again, under the same key; raises what `ask_once` raises."""
    return ask_once(transport, path, body, kind=Job, key=key, anyway=anyway)


def ask_once(
    transport: Transport,
    path: str,
    body: object,
    *,
    kind: type[_T],
    key: str,
    anyway: bool = False,
    what: str = "job",
) -> _T:
    """Ask for what makes new jobs or clusters; on a lost answer again, under the same key.

    Raises
    ------
    BatchError
        With `key` and, where the outcome is not known, what to do about it.
    """
    pauses = iter(PAUSES_SECONDS)
    is_uncertain = False
    while True:
        try:
            return transport.request(
                "POST",
                path,
                query={"anyway": "true" if anyway else None},
                body=body,
                headers={"Idempotency-Key": quote(key)},
            ).decode(kind)
        except BatchError as error:
            pause = next(pauses, None)
            is_again = error.code in _TRY_AGAIN
            # "Nothing was sent" is true of one try alone: an earlier one may have arrived.
            is_uncertain = error.code in UNCERTAIN or (is_uncertain and is_again)
            if pause is None or not is_again:
                raise with_advice(error, key, what, is_uncertain=is_uncertain) from error.__cause__
            time.sleep(pause)


def with_advice(error: BatchError, key: str, what: str, *, is_uncertain: bool) -> BatchError:
    """Return an error that says what to do about it."""
    message, code = error.message, error.code
    if is_uncertain:
        code = code if code == "internal" else "answer_lost"
        message = (
            f"It is not known whether the {what} was submitted: no answer was read. Look into the "
            f'list of {what}s, or submit the same with key="{key}": that cannot run it twice.'
        )
        if code == "internal":
            message = f"{error.message} {message}"
    elif code == "warnings":
        message += " To submit all the same, say anyway (anyway=True, or --anyway)."
    return BatchError(
        message,
        code=code,
        field=error.field,
        detail=error.detail,
        retry_after_seconds=error.retry_after_seconds,
        key=key,
    )
