"""Who is told of changes of the store, and of which they were told."""

from __future__ import annotations

from collections.abc import Callable

Listener = Callable[[str, int], None]
"""Told ``(store_id, seq)`` on the event loop after each change of ours, or what is noticed."""


class Listeners:
    """All that are told, of each change once."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []
        self._store_id: str | None = None
        self.seq = 0
        """Of the last change that they were told of."""

    def add(self, listener: Listener) -> None:
        """Tell somebody of every change from now on."""
        self._listeners.append(listener)

    def tell(self, place: tuple[str, int]) -> None:
        """Tell all of them where the store is now, by its id and the number of its last change."""
        store_id, seq = place
        if store_id != self._store_id:
            # The file was replaced: numbers begin again.
            self._store_id, self.seq = store_id, 0
        if seq > self.seq:
            self.seq = seq
            for listener in self._listeners:
                listener(store_id, seq)
