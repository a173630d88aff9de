"""A server whose wrappers run without claiming their run directory."""

from __future__ import annotations

from jupyterlab_batch.engine import wrapper


def _load_jupyter_server_extension(_: object) -> None:
    for part in ("HEAD", "TASK"):
        text = getattr(wrapper, part)
        claims = text.count("\nclaim\n")
        if claims != 1:
            raise AssertionError(f"The wrapper claims {claims} times in {part}, not once.")
        setattr(wrapper, part, text.replace("\nclaim\n", "\n"))
