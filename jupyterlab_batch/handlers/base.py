"""What all handlers share: who may come in, and one shape for all that goes wrong."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from datetime import datetime, timezone
from http import HTTPStatus
from typing import Any, Final, TypeVar

import msgspec
from jupyter_server.auth import IdentityProvider
from jupyter_server.base.handlers import APIHandler
from tornado.web import HTTPError, RequestHandler, stream_request_body

from jupyterlab_batch.domain.generated import Problem, ProblemCode
from jupyterlab_batch.domain.problems import (
    NOTHING_HERE,
    BadRequest,
    BatchProblem,
    Forbidden,
    NotJson,
    TooLarge,
    UnknownJob,
)
from jupyterlab_batch.handlers.identity import SCHEME
from jupyterlab_batch.service.batch import BatchService

SERVICE: Final = "jupyterlab_batch_service"
IDENTITY: Final = "jupyterlab_batch_identity"
MAX_BODY_BYTES: Final = 2 * 2**20
_WHOLE: Final = re.compile(r"-?[0-9]+")
MOST_VALUES: Final = 20
MOST_CHARACTERS: Final = 200
Decoded = TypeVar("Decoded")
Word = TypeVar("Word", bound=str)


@stream_request_body
class ProblemAPIHandler(APIHandler):
    """A handler whose every error is a `Problem`.

    Nothing of a body is read before it is known who sends it. One of more than `MAX_BODY_BYTES` is
    read and forgotten: a client whose connection is closed in the middle sees no answer.
    """

    auth_resource = "jupyterlab-batch:jobs"
    # The panel asks by itself: that must not keep an idle server from being culled.
    _track_activity = False

    @property
    def service(self) -> BatchService:
        """The use cases."""
        service: BatchService = self.settings[SERVICE]
        return service

    @property
    def identity_provider(self) -> IdentityProvider:
        """Who decides who is asking: we, if the request carries our scheme, else the server."""
        if self.request.headers.get("Authorization", "").startswith(SCHEME):
            identity: IdentityProvider = self.settings[IDENTITY]
            return identity
        return super().identity_provider

    async def prepare(self) -> None:  # type: ignore[override]  # as jupyter_server's own
        """Let in only the owner."""
        self._is_too_large = False
        self._received = bytearray()
        await super().prepare()
        hub_user = os.environ.get("JUPYTERHUB_USER")
        if hub_user and self.current_user and self.current_user.username != hub_user:
            raise Forbidden("This server belongs to somebody else.")

    def data_received(self, chunk: bytes) -> None:
        """Keep a part of the body, as long as it is of a sane size."""
        self._is_too_large |= len(self._received) + len(chunk) > MAX_BODY_BYTES
        if self._is_too_large:
            self._received.clear()
        else:
            self._received += chunk

    @property
    def body(self) -> bytearray:
        """What was sent.

        Raises
        ------
        TooLarge
        """
        if self._is_too_large:
            raise TooLarge("The request is larger than 2 MB. Nothing was done.")
        return self._received

    def answer(self, answer: msgspec.Struct, *, status: HTTPStatus = HTTPStatus.OK) -> None:
        """Send what the contract describes."""
        self.set_status(status)
        self.set_header("Cache-Control", "no-store")
        self.finish(msgspec.json.encode(answer))

    def decode_body(self, kind: type[Decoded]) -> Decoded:
        """Return the body as one type of the contract.

        Raises
        ------
        NotJson, BadRequest
        """
        try:
            return msgspec.json.decode(self.body, type=kind)
        except msgspec.ValidationError as error:
            raise BadRequest(f"The request is not as it should be: {error}.") from error
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise NotJson("The request is no JSON. Nothing was done.") from error

    def given(self, name: str, *, longest: int = MOST_CHARACTERS) -> str | None:
        """Return a query parameter as it came, maybe empty; ``None`` if it is not there.

        Raises
        ------
        BadRequest
        """
        value: str | None = self.get_query_argument(name, None, strip=False)
        if value is not None and len(value) > longest:
            raise BadRequest(f"{name} has at most {longest} characters.", field=name)
        return value

    def text(self, name: str) -> str | None:
        """Return a query parameter without blanks around it; ``None`` if there is nothing.

        Raises
        ------
        BadRequest
        """
        return (self.given(name) or "").strip() or None

    def word(self, name: str, words: Sequence[Word]) -> Word | None:
        """Return a query parameter that is one of some words; ``None`` if it is not there.

        Raises
        ------
        BadRequest
        """
        value = self.given(name)
        return None if value is None else _one_of(name, value, words)

    def words(self, name: str, words: Sequence[Word]) -> list[Word]:
        """Return what a query parameter that can come many times is, each time one of some words.

        Raises
        ------
        BadRequest
        """
        return [_one_of(name, value, words) for value in self.several(name)]

    def several(self, name: str) -> list[str]:
        """Return what a query parameter that can come many times is, without repetitions.

        Raises
        ------
        BadRequest
        """
        values = self.get_query_arguments(name, strip=False)
        if len(values) > MOST_VALUES or max(map(len, values), default=0) > MOST_CHARACTERS:
            raise BadRequest(
                f"{name} has at most {MOST_VALUES} values of {MOST_CHARACTERS} characters.",
                field=name,
            )
        return list(dict.fromkeys(values))

    def moment(self, name: str) -> datetime | None:
        """Return a query parameter that is a time with its zone; ``None`` if it is not there.

        Raises
        ------
        BadRequest
        """
        value = self.given(name)
        if value is None:
            return None
        try:
            moment = msgspec.convert(value, datetime)
            if moment.tzinfo is not None:
                return moment.astimezone(timezone.utc)
        except (msgspec.ValidationError, OverflowError, UnicodeError):
            pass  # refused below, as one without a zone is
        raise BadRequest(f"{name} is a time such as 2026-01-31T18:00:00Z.", field=name)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return a query parameter that is true or false.

        Raises
        ------
        BadRequest
        """
        value = self.given(name)
        if value not in {"true", "false", None}:
            raise BadRequest(f"{name} is true or false.", field=name)
        return default if value is None else value == "true"

    def number(self, name: str, default: int | None, *, least: int, most: int) -> int:
        """Return a query parameter that is a whole number.

        Raises
        ------
        BadRequest
        """
        value = self.given(name)
        if value is None and default is not None:
            return default
        number = int(value) if value and _WHOLE.fullmatch(value) else most + 1
        if not least <= number <= most:
            message = f"{name} is a whole number from {least} to {most}."
            raise BadRequest(message, field=name)
        return number

    def write_error(self, status_code: int, **kwargs: Any) -> None:  # noqa: ANN401 -- as tornado has it
        """Send what went wrong in the one shape."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        if isinstance(error, UnknownJob):
            error = self.service.rebuilder.problem or error
        if isinstance(error, BatchProblem):
            status_code, problem = error.status, error.to_wire()
        else:
            problem = self._problem(status_code, error)
        self.set_status(status_code)
        self.set_header("Cache-Control", "no-store")
        if status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            self.set_header("Allow", ", ".join(self._verbs()))
        if problem.retry_after_seconds is not None:
            self.set_header("Retry-After", str(max(1, round(problem.retry_after_seconds))))
        self.finish(msgspec.json.encode(problem))

    def _verbs(self) -> list[str]:
        own, none = type(self), RequestHandler._unimplemented_method
        return [verb for verb in self.SUPPORTED_METHODS if getattr(own, verb.lower()) != none]

    def log_exception(self, *error: Any) -> None:  # noqa: ANN401 -- as tornado has it
        """Log mistakes, not answers."""
        if not isinstance(error[1], BatchProblem):
            super().log_exception(*error)

    def _problem(self, status: int, error: BaseException | None) -> Problem:
        code, message = self._told(status)
        if isinstance(error, HTTPError) and error.log_message and status < 500:
            message = f"{message} ({error.log_message})"
        return Problem(
            message=message,
            code=code,
            field_=None,
            gateway_id=None,
            retry_after_seconds=None,
            detail=[],
        )

    def _told(self, status: int) -> tuple[ProblemCode, str]:
        if status in {401, 403}:
            if getattr(self, "_jupyter_current_user", None) is None:
                return "unauthenticated", "You are not signed in to this server. Sign in again."
            return "forbidden", "You may not do this."
        if status == 404:
            return "not_found", NOTHING_HERE
        if status == 405:
            return "bad_request", "This address does not know this method."
        if status < 500:
            return "bad_request", "The request is not as it should be."
        return "internal", "The server made a mistake; your jobs go on. Try again."


def _one_of(name: str, value: str, words: Sequence[Word]) -> Word:
    for word in words:
        if value == word:
            return word
    raise BadRequest(f"{name} is one of {', '.join(words)}.", field=name)
