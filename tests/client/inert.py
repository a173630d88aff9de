"""What a browser makes of a still picture, and that it can do nothing in it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

EVIL = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<img src=http://evil/>",
    "' style='background:url(http://evil)",
    "a\x1b[2Jb\x07",
    "safe\u202egnp.exe",
    "</table><a href='http://evil'>x",
    "&lt;b&gt;",
]


class Reader(HTMLParser):
    """What a browser would make of it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def assert_inert(html: str) -> Reader:
    """Read it, and see that it is a table of text."""
    read = Reader(html)
    assert set(read.tags) <= {"table", "tr", "th", "td", "progress", "p"}
    assert {name for name, _ in read.attributes} <= {"style", "colspan", "value", "max"}
    styles = " ".join(value or "" for name, value in read.attributes if name == "style")
    assert not re.search(r"url|var\(|http|position|@", styles)
    return read


def as_shown(text: str) -> str:
    """Return what is shown of a text: what could steer a terminal or turn a line is a sign."""
    return re.sub("[\x00-\x1f\u202e]", "\N{REPLACEMENT CHARACTER}", text)
