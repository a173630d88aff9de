"""The user's own JSON web token for slurmrestd: where it comes from and whether it may be used."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import re
import shlex
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from jupyterlab_batch.domain.problems import NotSignedIn
from jupyterlab_batch.engine.regularfile import NotRegular, open_regular
from jupyterlab_batch.gateways.slurm.running import Killed, run_to_end

MAX_TOKEN_BYTES: Final = 65536
_TOKEN: Final = re.compile(r"[!-~]+")
_USER_NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@$-]*")
COMMAND_DEADLINE_SECONDS: Final = 20.0
EXPIRY_MARGIN_SECONDS: Final = 5.0


@dataclass(frozen=True, repr=False)
class Token:
    """A JSON web token. Only slurmctld can verify it; we read what it claims."""

    text: str
    claims: Mapping[str, Any]

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
        self._token_file = token_file
        self._command = shlex.split(token_command)
        self._privileged_users = privileged_users
        self._made: Token | None = None

    async def token(self) -> Token:
        """Return the token to send.

        Raises
        ------
        NotSignedIn
            There is none, it has run out, or it is one that may act as anybody.
        """
        if self._token_file:
            # It may lie on a file system that hangs.
            token = Token.of(await asyncio.to_thread(self._read_file))
        elif self._command:
            token = await self._from_command()
        else:
            token = Token.of(os.environ.get("SLURM_JWT", ""))
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

    def _read_file(self) -> str:
        try:
            path = Path(self._token_file).expanduser()
            with open_regular(path, follow_links=True) as file:
                return (file.read(MAX_TOKEN_BYTES) or b"").decode(errors="replace")
        except NotRegular as error:
            raise NotSignedIn(
                f"The token file for Slurm is no file: {self._token_file}."
            ) from error
        except OSError as error:
            raise NotSignedIn(
                f"The token file for Slurm cannot be read ({error.strerror}: {self._token_file})."
            ) from error

    async def _from_command(self) -> Token:
        if self._made is not None and not self._made.is_expired:
            return self._made
        try:
            code, stdout, _ = await run_to_end(
                self._command, deadline_seconds=COMMAND_DEADLINE_SECONDS
            )
        except OSError as error:
            raise NotSignedIn(
                f"The token command for Slurm does not run ({error.strerror})."
            ) from error
        except Killed as killed:
            raise NotSignedIn(f"The token command for Slurm {killed}.") from None
        if code != 0:
            raise NotSignedIn(f"The token command for Slurm failed with exit code {code}.")
        self._made = Token.of(stdout.decode(errors="replace"))
        return self._made

    def reject(self) -> None:
        """Slurm did not take the last token: ask the command again next time."""
        self._made = None
