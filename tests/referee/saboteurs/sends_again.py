"""A server that starts a cluster on a Dask Gateway once more when the answer was lost."""

from __future__ import annotations

from jupyterlab_batch.domain.problems import AnswerLost
from jupyterlab_batch.gateways.daskgateway.rest import Rest

_once = Rest.create


async def _again(self: Rest, options: dict[str, object]) -> str:
    try:
        return await _once(self, options)
    except AnswerLost:
        return await _once(self, options)


def _load_jupyter_server_extension(_: object) -> None:
    Rest.create = _again  # type: ignore[method-assign]  # that is the sabotage
