"""Start and find Dask clusters."""

from __future__ import annotations

import re
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyterlab_batch.client.card import plain
from jupyterlab_batch.client.cluster import BatchCluster
from jupyterlab_batch.client.clustercard import (
    OVER,
    memory_of,
    remark_of,
    state_of,
    workers_of,
)
from jupyterlab_batch.client.errors import BatchError, not_valid
from jupyterlab_batch.client.generated import (
    Cluster,
    ClusterGatewayList,
    ClusterList,
    ClusterOffer,
)
from jupyterlab_batch.client.listing import Listing
from jupyterlab_batch.client.quantities import parse_duration, parse_memory
from jupyterlab_batch.client.sending import ask_once, new_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyterlab_batch.client.transport import Transport

_CLUSTER_ID = re.compile(r"[0-9a-z]{26}")


class StartClusters:
    """The part of a client that knows Dask clusters."""

    _transport: Transport

    def start_cluster(  # noqa: PLR0913 -- one argument for each field of the form, all by name
        self,
        workers: int | None = None,
        *,
        adapt: tuple[int, int] | None = None,
        name: str | None = None,
        gateway: str | None = None,
        cores: int | None = None,
        memory: str | None = None,
        python: str | None = None,
        idle_stop: str | int | None = None,
        working_directory: str | None = None,
        options: Mapping[str, Any] | None = None,
        key: str | None = None,
    ) -> BatchCluster:
        """Start a Dask cluster; it goes on when the Jupyter server ends, and stops when idle.

        Parameters
        ----------
        workers
            By default as many as the gateway has room for.
        adapt
            Least and greatest number of workers, instead of a fixed one.
        gateway
            By default the first that can start clusters.
        cores, memory
            Of each worker; memory with a unit, such as ``"2GB"``.
        python
            An interpreter, or the folder of a virtual environment, that has dask. By default that
            of this notebook if it has it, else what the gateway says.
        idle_stop
            After so long without work it stops by itself: ``"30m"``, ``"2h"``.
        working_directory
            In which its workers run, and from which they import modules; by default that of this
            notebook.
        options
            Further ones, as ``cluster_gateways`` tells them.
        key
            Of an earlier try whose outcome is not known (`BatchError.key`).

        Raises
        ------
        BatchError
            Nothing was started, or nobody knows whether it was (``answer_lost``, with its key).
        """
        offer = self._offer(gateway)
        spec: dict[str, Any] = {
            "workers": _workers(workers, adapt, offer),
            "options": _options(offer, cores, memory, python, options),
        }
        if working_directory is None and offer.capabilities.working_directory:
            working_directory = str(Path.cwd())
        if working_directory is not None:
            spec["working_directory"] = working_directory
        if name is not None:
            spec["name"] = name
        if idle_stop is not None:
            spec["idle_stop_seconds"] = _seconds(idle_stop)
        body = {"gateway_id": offer.id, "spec": spec}
        sent = ask_once(
            self._transport, "clusters", body, kind=Cluster, key=key or new_key(), what="cluster"
        )
        return BatchCluster(self._transport, sent)

    def clusters(self, ended: int = 20) -> Listing[BatchCluster]:
        """Return the clusters that are not over, and the last ones that are, newest first.

        Parameters
        ----------
        ended
            At most so many of the latter.
        """
        answer = self._transport.request("GET", "clusters", query={"ended": ended})
        rows = answer.decode(ClusterList).clusters
        return Listing(
            [BatchCluster(self._transport, row) for row in rows],
            columns=("Id", "Name", "State", "Workers", "Memory", "Gateway", "Remark"),
            cells=_cells,
            empty="No clusters yet.",
        )

    def cluster(self, id: str) -> BatchCluster:
        """Find one cluster.

        Parameters
        ----------
        id
            Its id; the end or the beginning of one, at least four characters; or a name, of which
            the latest one is meant that is not over, else the latest.

        Raises
        ------
        BatchError
            There is none (``unknown_cluster``), or more than one (``bad_request``).
        """
        if _CLUSTER_ID.fullmatch(id):
            answer = self._transport.request("GET", f"clusters/{id}")
            return BatchCluster(self._transport, answer.decode(Cluster))
        known = self.clusters(ended=500)
        named = [one for one in known if one.name == id]
        if named:
            return next((one for one in named if one.phase not in OVER), named[0])
        found = [one for one in known if _is_short_id(id, one.id)]
        if len(found) > 1:
            message = f'"{id}" is the id of {len(found)} clusters. Write more of it.'
            raise BatchError(message, code="bad_request")
        if not found:
            message = f'No cluster has the id or name "{id}".'
            raise BatchError(message, code="unknown_cluster")
        return found[0]

    def cluster_gateways(self) -> Listing[ClusterOffer]:
        """Return where clusters can be started, and with which options; the first is default."""
        answer = self._transport.request("GET", "clusters/gateways").decode(ClusterGatewayList)
        return Listing(
            answer.gateways,
            columns=("Gateway", "Title", "Dask", "Workers", "Options", "State"),
            cells=_offer_cells,
            empty="No gateway of this Jupyter server can start Dask clusters.",
        )

    def _offer(self, gateway: str | None) -> ClusterOffer:
        offers = self.cluster_gateways()
        for offer in offers:
            if gateway in {None, offer.id}:
                return offer
        message = (
            f'No Dask cluster can be started on a gateway "{gateway}".' if offers else repr(offers)
        )
        raise BatchError(f"{message} Nothing was started.", code="unknown_gateway")


def _workers(
    count: int | None, adapt: tuple[int, int] | None, offer: ClusterOffer
) -> dict[str, Any]:
    if adapt is not None:
        if count is not None:
            raise not_valid("spec.workers", "Give either a number of workers or adapt, not both.")
        return {"kind": "adaptive", "minimum": adapt[0], "maximum": adapt[1]}
    if count is None:
        usual = offer.default_spec.workers
        if usual.kind == "adaptive":
            return {"kind": "adaptive", "minimum": usual.minimum, "maximum": usual.maximum}
        count = usual.count
    return {"kind": "fixed", "count": count}


def _options(
    offer: ClusterOffer,
    cores: int | None,
    memory: str | None,
    python: str | None,
    more: Mapping[str, Any] | None,
) -> dict[str, Any]:
    chosen = dict(more or {})
    if cores is not None:
        chosen["worker_cores"] = cores
    if memory is not None:
        try:
            chosen["worker_memory_bytes"] = parse_memory(memory)
        except ValueError as error:
            raise not_valid("spec.options.worker_memory_bytes", str(error)) from None
    if python is None and "python" in offer.options.get("properties", {}):
        # Where both sides are one environment, their versions are the same.
        python = sys.executable if find_spec("distributed") else None
    if python is not None:
        chosen.setdefault("python", python)
    return chosen


def _seconds(idle_stop: str | int) -> int:
    if isinstance(idle_stop, int):
        return idle_stop
    try:
        return parse_duration(idle_stop)
    except ValueError as error:
        raise not_valid("spec.idle_stop_seconds", str(error)) from None


def _is_short_id(word: str, cluster_id: str) -> bool:
    return len(word) >= 4 and (cluster_id.endswith(word) or cluster_id.startswith(word))


def _cells(cluster: BatchCluster) -> tuple[str, ...]:
    row = cluster.row
    return (
        row.id,
        plain(row.name),
        state_of(row),
        workers_of(row),
        memory_of(row),
        plain(row.gateway_id),
        remark_of(row),
    )


def _offer_cells(offer: ClusterOffer) -> tuple[str, ...]:
    most = offer.limits.max_workers
    return (
        plain(offer.id),
        plain(offer.title),
        plain(offer.version or ""),
        "" if most is None else f"at most {most}",
        ", ".join(map(plain, offer.options.get("properties", {}))),
        plain(offer.unavailable or "ready"),
    )
