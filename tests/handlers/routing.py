"""The routes of a running server, and one address for each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tornado.routing import PathMatches, Router, Rule

from jupyterlab_batch.handlers.routes import ROUTES
from tests.handlers.conftest import KEY

VERBS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
JOB = "0" * 26
_BASE = "jupyterlab-batch/v1/"
_PARTS = {"jobs": JOB, "clusters": JOB, "gateways": "fake", "drafts": KEY}
"""What stands for the variable part of an address, by the word before it."""


def _rules(router: Router) -> Iterator[Rule]:
    for rule in getattr(router, "rules", []):
        yield rule
        for name in ("target", "wildcard_router", "default_router"):
            inner = getattr(rule, name, None)
            if isinstance(inner, Router):
                yield from _rules(inner)


def routes_of(app: Any) -> list[tuple[str, type[Any]]]:
    """Return the pattern and handler of each route of ours, as the running server has it."""
    found = {}
    for router in (app.wildcard_router, app.default_router):
        for rule in _rules(router):
            if isinstance(rule.matcher, PathMatches):
                pattern = rule.matcher.regex.pattern
                if "jupyterlab-batch" in pattern:
                    found[pattern] = rule.target
    return sorted(found.items(), key=lambda one: one[0])


def addresses_of(app: Any) -> list[str]:
    """Return one address below ours for each route that the server has, and the bare one."""
    patterns = [pattern for pattern, _ in routes_of(app)]
    return sorted({"", *(_address(pattern.partition(_BASE[:-1])[2]) for pattern in patterns)})


def _address(pattern: str) -> str:
    path = (
        pattern.removesuffix("$")
        .replace("(?:/.*)?", "/nowhere")
        .replace(r"\.", ".")
        .replace("(.*)", "status")
    )
    return re.sub(r"(\w+)/\(\[\^/\]\+\)", _filled, path).removeprefix("/")


def _filled(match: re.Match[str]) -> str:
    return f"{match[1]}/{_PARTS[match[1]]}"


def handler_at(app: Any, base_url: str, address: str) -> type[Any]:
    """Return who answers at an address: the literal ones come first, as in `ROUTES`."""
    path = f"{base_url}{_BASE}{address}"
    order = [handler for _, handler in ROUTES]
    found = [h for pattern, h in routes_of(app) if PathMatches(pattern).regex.match(path)]
    return min(found, key=order.index)
