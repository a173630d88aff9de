"""The engine of this machine as jobs and clusters ask it: one supervisor, one way of failing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from jupyterlab_batch.domain.problems import AnswerLost, GatewayRefused, GatewayUnreachable
from jupyterlab_batch.engine.connection import EngineClient, EngineDown, EngineOptions, TooOld
from jupyterlab_batch.engine.protocol import Reply, Request
from jupyterlab_batch.gateways.local.platform import NOT_HERE, is_supported
from jupyterlab_batch.gateways.local.watched import Watched


class Engine:
    """Asks the supervisor, which is started when it is needed.

    Parameters
    ----------
    watched
        Told whether it answers.
    """

    def __init__(self, options: EngineOptions, *, gateway_id: str, watched: Watched) -> None:
        self.client = EngineClient(options)
        self.state_directory: Path = options.state_directory
        self._gateway_id = gateway_id
        self._watched = watched

    async def ask(self, make: Callable[[int], Request], *, least_version: int = 1) -> Reply:
        """Ask what changes nothing, or nothing more when it is asked twice.

        Raises
        ------
        GatewayRefused
            The supervisor is older than what is asked.
        GatewayUnreachable
        """
        try:
            reply = await self.ask_again(make, least_version=least_version)
        except AnswerLost as error:
            raise self._unreachable(error) from error
        self._watched.answered()
        return reply

    async def ask_again(self, make: Callable[[int], Request], *, least_version: int) -> Reply:
        """Ask, and once more if the answer is lost.

        Raises
        ------
        GatewayRefused, GatewayUnreachable
            Nothing was sent.
        AnswerLost
        """
        if not is_supported():
            raise GatewayUnreachable(NOT_HERE, gateway_id=self._gateway_id)
        try:
            return await self.client.ask(make, least_version=least_version)
        except TooOld as error:
            raise GatewayRefused(str(error), gateway_id=self._gateway_id) from error
        except EngineDown as error:
            raise self._unreachable(error) from error
        except AnswerLost:
            try:
                return await self.client.ask(make, least_version=least_version)
            except EngineDown as error:
                raise AnswerLost(str(error)) from error

    def _unreachable(self, error: Exception) -> GatewayUnreachable:
        self._watched.failed(str(error))
        return GatewayUnreachable(str(error), gateway_id=self._gateway_id)
