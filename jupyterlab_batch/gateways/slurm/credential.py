"""The user's own JSON web token for slurmrestd: where it comes from and whether it may be used."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import shlex
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from jupyterlab_batch.domain.problems import NotSignedIn

MAX_TOKEN_BYTES: Final = 65536
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
        except (IndexError, ValueError):
            claims = {}
        return cls(stripped, claims if isinstance(claims, dict) else {})

    @property
    def user_name(self) -> str | None:
        """Whose it is: ``sun`` in Slurm's own tokens, ``preferred_username`` in many others."""
        for claim in ("sun", "username", "preferred_username"):
            name = self.claims.get(claim)
            if isinstance(name, str) and name:
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
            token = Token.of(self._read_file())
        elif self._command:
            token = await self._from_command()
        else:
            token = Token.of(os.environ.get("SLURM_JWT", ""))
        if not token.text:
            raise NotSignedIn(
                "There is no token for Slurm. Set SlurmGateway.token_file or token_command."
            )
        if token.is_expired:
            raise NotSignedIn("Your token for Slurm has expired. Renew it; your jobs go on.")
        if token.user_name in self._privileged_users and os.geteuid() != 0:
            raise NotSignedIn(
                f"The configured token is one of {token.user_name}, which could change anybody's "
                "jobs. It is not used. Configure a token of your own."
            )
        return token

    def _read_file(self) -> str:
        try:
            with Path(self._token_file).expanduser().open("rb") as file:
                return file.read(MAX_TOKEN_BYTES).decode(errors="replace")
        except OSError as error:
            raise NotSignedIn(
                f"The token file for Slurm cannot be read ({error.strerror}: {self._token_file})."
            ) from error

    async def _from_command(self) -> Token:
        if self._made is not None and not self._made.is_expired:
            return self._made
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
            )
        except OSError as error:
            raise NotSignedIn(
                f"The token command for Slurm does not run ({error.strerror})."
            ) from error
        try:
            stdout, _ = await asyncio.wait_for(process.communicate(), COMMAND_DEADLINE_SECONDS)
        except asyncio.TimeoutError:
            raise NotSignedIn("The token command for Slurm did not end in time.") from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode != 0:
            raise NotSignedIn(
                f"The token command for Slurm failed with exit code {process.returncode}."
            )
        self._made = Token.of(stdout.decode(errors="replace"))
        return self._made

    def reject(self) -> None:
        """Slurm did not take the last token: ask the command again next time."""
        self._made = None
