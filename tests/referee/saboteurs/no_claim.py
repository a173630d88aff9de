"""A server whose wrappers run without claiming their run directory."""

from __future__ import annotations

from jupyterlab_batch.engine import wrapper


def _load_jupyter_server_extension(_: object) -> None:
    head = wrapper._HEAD
    begin, end = head.index("# Only one native id"), head.index("record() {{")
    wrapper._HEAD = head[:begin] + head[end:]  # type: ignore[misc]  # this is the sabotage
