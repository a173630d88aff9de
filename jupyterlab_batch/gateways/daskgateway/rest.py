"""The calls of Dask Gateway that we need."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from jupyterlab_batch.domain.problems import AnswerLost, GatewayRefused, GatewayUnreachable
from jupyterlab_batch.gateways.clusters import Accepted, Wanted
from jupyterlab_batch.gateways.daskgateway.answers import (
    Counts,
    Created,
    Option,
    Options,
    Record,
    Scaled,
    Version,
)
from jupyterlab_batch.gateways.daskgateway.http import Http, Refused
from jupyterlab_batch.gateways.daskgateway.identity import Identity
from jupyterlab_batch.gateways.daskgateway.workers import accepted_of, body_of

_CLUSTERS: Final = "/api/v1/clusters/"
"""Without the last slash it is not found."""
_WAIT_SECONDS: Final = 20.0
"""So long a gateway keeps who waits for a cluster."""
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")
_GONE: Final = "The gateway does not know this cluster; it is over."
_NOT_UP: Final = "The cluster is not running: it is starting, being stopped, or is over."


class Rest:
    """What one user can ask of one Dask Gateway."""

    def __init__(self, http: Http, *, start_deadline_seconds: float) -> None:
        self._http = http
        self._start_deadline_seconds = start_deadline_seconds

    async def version(self) -> str:
        """Return the version of the gateway.

        Raises
        ------
        GatewayUnreachable, NotSignedIn
        """
        return (await self._http.ask("/api/version", Version)).version

    async def options(self) -> list[Option]:
        """Return what can be chosen of a cluster; raises what `version` raises."""
        return (await self._http.ask("/api/v1/options", Options)).cluster_options

    async def clusters(self, *, over: bool = False) -> dict[str, Record]:
        """Return the user's clusters by their names: those that live, or those that are over.

        Without a state a gateway leaves out those that are being stopped too.
        """
        states = "STOPPED,FAILED" if over else "PENDING,RUNNING,STOPPING"
        found = await self._http.ask(f"{_CLUSTERS}?status={states}", dict[str, Record])
        return {name: record for name, record in found.items() if _NAME.fullmatch(name)}

    async def until_up(self, native_id: str) -> Record:
        """Wait until a cluster has come up, or for as long as the gateway lets one wait."""
        path = f"{_path(native_id)}?wait"
        return await self._http.ask(path, Record, patience_seconds=_WAIT_SECONDS)

    async def create(self, options: dict[str, object]) -> str:
        """Start a cluster without workers and return its name.

        Raises
        ------
        GatewayRefused, NotSignedIn, GatewayUnreachable
            There is no cluster.
        AnswerLost
            There may be one.
        """
        body = {"cluster_options": options}
        deadline = self._start_deadline_seconds
        created = await self._http.order(
            "POST", _CLUSTERS, body, Created, deadline_seconds=deadline
        )
        name = created.name
        if not _NAME.fullmatch(name):
            raise AnswerLost("the gateway named no cluster")
        return name

    async def scale(self, native_id: str, wanted: Wanted) -> Accepted:
        """Want another number of workers.

        Raises
        ------
        GatewayRefused, GatewayUnreachable, NotSignedIn
        """
        verb, body = body_of(wanted)
        try:
            told = await self._http.order("POST", f"{_path(native_id)}/{verb}", body, Scaled)
        except Refused as refused:
            words = {404: _GONE, 409: _NOT_UP}.get(refused.said_status, refused.message)
            raise GatewayRefused(words) from refused
        except AnswerLost as lost:
            raise _perhaps(lost) from lost
        return accepted_of(wanted, told)

    async def close(self, native_id: str) -> None:
        """End a cluster; one that is over or unknown is no error."""
        try:
            await self._http.order("DELETE", _path(native_id), None, type(None))
        except Refused as refused:
            if refused.said_status != 404:
                raise
        except AnswerLost as lost:
            raise _perhaps(lost) from lost

    async def counts(self, native_id: str) -> Counts:
        """Return what the scheduler of a cluster counts: 232 bytes, in some 4 ms.

        Raises
        ------
        GatewayUnreachable
        """
        return await self._http.public(f"{page_of(native_id)}/json/counts.json", Counts)

    async def identity(self, native_id: str) -> Identity:
        """Return what the scheduler of a cluster says of its workers; raises as `counts` does."""
        return await self._http.public(f"{page_of(native_id)}/json/identity.json", Identity)


def page_of(native_id: str) -> str:
    """Return where the dashboard of a cluster is, below the public address."""
    return f"/clusters/{quote(native_id, safe='')}"


def _path(native_id: str) -> str:
    return f"{_CLUSTERS}{quote(native_id, safe='')}"


def _perhaps(lost: AnswerLost) -> GatewayUnreachable:
    return GatewayUnreachable(
        f"Dask Gateway did not answer ({lost}); it may have done it or not. Doing it again is safe."
    )
