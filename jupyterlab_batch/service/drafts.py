"""Forms that were not submitted yet."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Final

import msgspec

from jupyterlab_batch.domain.generated import Draft, DraftInput
from jupyterlab_batch.domain.identifiers import KEY_PATTERN
from jupyterlab_batch.domain.problems import BadRequest, TooLarge, UnknownDraft
from jupyterlab_batch.store.store import Store

MAX_DRAFT_BYTES: Final = 2**20


class Drafts(msgspec.Struct, frozen=True, kw_only=True):
    """Keeps at most 20 forms of 1 MB, each under the key that its submission will have."""

    store: Store

    async def listed(self) -> list[Draft]:
        """Return all drafts, newest first."""
        return await self.store.drafts()

    async def get(self, key: str) -> Draft:
        """Return one draft.

        Raises
        ------
        UnknownDraft
        """
        draft = await self.store.draft(_valid(key))
        if draft is None:
            raise UnknownDraft("There is no such draft.")
        return draft

    async def put(self, key: str, given: DraftInput) -> Draft:
        """Keep a form as it is typed.

        Raises
        ------
        TooLarge, TooManyDrafts
        """
        content = msgspec.json.encode(given.content)
        if len(content) > MAX_DRAFT_BYTES:
            raise TooLarge(
                "The form is larger than 1 MB and was not kept. Put long text into a file and "
                "name its path."
            )
        draft = await self.store.put_draft(
            _valid(key),
            title=given.title,
            content=content.decode(),
            now=datetime.now(timezone.utc),
        )
        if draft is None:
            raise UnknownDraft("The draft was thrown away at the same time.")
        return draft

    async def delete(self, key: str) -> None:
        """Throw a form away.

        Raises
        ------
        UnknownDraft
        """
        if not await self.store.delete_draft(_valid(key)):
            raise UnknownDraft("There is no such draft.")


def _valid(key: str) -> str:
    if not KEY_PATTERN.fullmatch(key):
        raise BadRequest("A key has 16 to 64 letters, digits, - or _.", field="key")
    return key
