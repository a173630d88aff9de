"""A list that shows itself as a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:

    class PrettyPrinter(Protocol):
        """What IPython hands to ``_repr_pretty_``."""

        def text(self, text: str) -> None:
            """Write text as it is."""


_T = TypeVar("_T")
_CELL = "padding:2px 8px;text-align:left;vertical-align:top"


class Listing(list[_T]):
    """A list with a table as its text and its HTML.

    Parameters
    ----------
    items
        What is in the list.
    columns
        Headings of the table.
    cells
        Gives the texts of one line, one for each column.
    empty
        The sentence that stands in place of an empty table.
    note
        A sentence under the table, or "".
    """

    def __init__(
        self,
        items: Iterable[_T],
        *,
        columns: tuple[str, ...],
        cells: Callable[[_T], tuple[str, ...]],
        empty: str,
        note: str = "",
    ) -> None:
        super().__init__(items)
        self._columns = columns
        self._cells = cells
        self._empty = empty
        self._note = note

    def __repr__(self) -> str:
        if not self:
            return self._empty
        lines = [self._columns, *map(self._cells, self)]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        texts = [
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
            for line in lines
        ]
        return "\n".join([*texts, *([self._note] if self._note else [])])

    def _repr_pretty_(self, printer: PrettyPrinter, cycle: bool) -> None:
        """Show the table instead of a list of items in IPython."""
        printer.text("..." if cycle else repr(self))

    def _repr_html_(self) -> str:
        if not self:
            return f"<p>{escape(self._empty)}</p>"
        head = "".join(f'<th style="{_CELL}">{escape(title)}</th>' for title in self._columns)
        lines = [f'<table style="border-collapse:collapse"><tr>{head}</tr>']
        for item in self:
            cells = (f'<td style="{_CELL}">{escape(cell)}</td>' for cell in self._cells(item))
            lines.append(f"<tr>{''.join(cells)}</tr>")
        lines.append("</table>")
        if self._note:
            lines.append(f"<p>{escape(self._note)}</p>")
        return "\n".join(lines)
