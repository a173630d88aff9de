"""The user's own JSON web token for slurmrestd: where it comes from and whether it may be used."""

from __future__ import annotations

import base64
import json
import os
import re
import time
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from jupyterlab_batch.domain.problems import NotSignedIn
from jupyterlab_batch.gateways.secret import SecretSource

_TOKEN: Final = re.compile(r"[!-~]+")
_USER_NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@$-]*")
EXPIRY_MARGIN_SECONDS: Final = 5.0


class Token(msgspec.Struct, frozen=True):
    """A JSON web token. Only slurmctld can verify it; we read what it claims."""

    text: str
    claims: Mapping[str, Any]

    __repr__ = object.__repr__  # shows nothing of a secret

    @classmethod
    def of(cls, text: str) -> Token:
        """Read a token; one that is no JSON web token claims nothing."""
        stripped = text.strip().removeprefix("SLURM_JWT=")
        parts = stripped.split(".")
        try:
            payload = base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))
            claims = json.loads(payload)
        except (IndexError, ValueError, RecursionError):
            claims = {}
        return cls(stripped, claims if isinstance(claims, dict) else {})

    @property
    def user_name(self) -> str | None:
        """Whose it is: ``sun`` in Slurm's own tokens, ``preferred_username`` in many others."""
        for claim in ("sun", "username", "preferred_username"):
            name = self.claims.get(claim)
            if isinstance(name, str) and _USER_NAME.fullmatch(name):
                return name
        return None

    @property
    def is_expired(self) -> bool:
        """Whether it has run out, or will before a call with it ends."""
        expiry = self.claims.get("exp")
        return isinstance(expiry, int) and expiry < time.time() + EXPIRY_MARGIN_SECONDS


class Credential:
    """Gives the token afresh for every call, so that a renewed one is used at once.

    Parameters
    ----------
    token_file
        Read each time; empty for none.
    token_command
        Run when there is no file and the last token ran out; empty for none.
    privileged_users
        Names whose tokens may act as anybody.
    """

    def __init__(
        self, *, token_file: str, token_command: str, privileged_users: frozenset[str]
    ) -> None:
        self._source = SecretSource(
            what="token",
            owner="Slurm",
            file=token_file,
            command=token_command,
            variable="SLURM_JWT",
        )
        self._privileged_users = privileged_users

    async def token(self) -> Token:
        """Return the token to send.

        Raises
        ------
        NotSignedIn
            There is none, it has run out, or it is one that may act as anybody.
        """
        token = Token.of(await self._source.read())
        if token.is_expired and self._source.is_kept:
            self._source.forget()
            token = Token.of(await self._source.read())
        if not token.text:
            raise NotSignedIn(
                "There is no token for Slurm. Put one where it is looked for: what "
                "SlurmGateway.token_file or token_command names, else the variable SLURM_JWT."
            )
        if not _TOKEN.fullmatch(token.text):
            raise NotSignedIn("What is configured as the token for Slurm is no token.")
        if token.is_expired:
            raise NotSignedIn(
                "Your token for Slurm has expired. Renew it; that is all there is to do."
            )
        if token.user_name in self._privileged_users and os.geteuid() != 0:
            raise NotSignedIn(
                f"The configured token is one of {token.user_name}, which could change anybody's "
                "jobs. It is not used. Configure a token of your own."
            )
        return token

    def reject(self) -> None:
        """Slurm did not take the last token: ask the command again next time."""
        self._source.forget()
