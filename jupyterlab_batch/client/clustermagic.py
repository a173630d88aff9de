"""``%batch cluster``: Dask clusters from a cell."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from IPython.core.error import UsageError

from jupyterlab_batch.client.magicparser import Help, Parser
from jupyterlab_batch.client.magicvalues import pair, to_value

if TYPE_CHECKING:
    from jupyterlab_batch.client.batch import Batch
    from jupyterlab_batch.client.cluster import BatchCluster
    from jupyterlab_batch.client.listing import Listing

_HELP = """\
%batch cluster start [OPTIONS]            start a Dask cluster
%batch cluster list                       list clusters, newest first
%batch cluster scale ID N                 have N workers from now on
%batch cluster adapt ID MINIMUM MAXIMUM   have as many as the work needs
%batch cluster stop ID                    end a cluster

ID is the id of a cluster, the end of one, or a name. To compute:
batch.cluster(ID).client()
Add --help to any of them."""


def cluster(
    open_batch: Callable[[], Batch], words: list[str]
) -> BatchCluster | Listing[BatchCluster]:
    """Do what stands after ``%batch cluster``."""
    command, rest = (words[0], words[1:]) if words else ("--help", [])
    if command in {"-h", "--help", "help"}:
        raise Help(_HELP)
    if command == "start":
        return _start(open_batch, rest)
    if command == "list":
        parser = Parser("cluster list", "[OPTIONS]", "List clusters, newest first.")
        parser.add_argument("--ended", type=int, default=20, metavar="N",
            help="at most N that are over, by default 20")  # fmt: skip
        given = parser.parse_args(rest)
        return open_batch().clusters(given.ended)
    if command in {"scale", "adapt", "stop"}:
        return _order(open_batch, command, rest)
    raise UsageError(f'There is no "%batch cluster {command}". Try %batch cluster --help')


def _start(open_batch: Callable[[], Batch], words: list[str]) -> BatchCluster:
    parser = Parser("cluster start", "[OPTIONS]", "Start a Dask cluster.")
    add = parser.add_argument
    add("-n", "--workers", type=int, metavar="N", help="by default as many as there is room for")
    add("--adapt", type=int, nargs=2, metavar=("MINIMUM", "MAXIMUM"), help="as the work needs")
    add("--name", help="by default dask")
    add("--gateway", metavar="ID", help="by default the first")
    add("-c", "--cores", type=int, metavar="N", help="of each worker")
    add("--mem", metavar="SIZE", help="of each worker, with a unit: 2GB")
    add("--python", metavar="PATH", help="that has dask; by default that of this notebook")
    add("--idle-stop", metavar="TIME", help="stop after so long without work: 30m, 2h")
    add("-o", "--option", dest="options", metavar="NAME=VALUE", type=pair, action="append",
        default=[], help="of the gateway, JSON or plain text")  # fmt: skip
    add("--key", help="of an earlier try whose answer was lost")
    given = parser.parse_args(words)
    options: dict[str, Any] = {name: to_value(text, {}) for name, text in given.options}
    return open_batch().start_cluster(
        given.workers,
        adapt=tuple(given.adapt) if given.adapt else None,
        name=given.name,
        gateway=given.gateway,
        cores=given.cores,
        memory=given.mem,
        python=given.python,
        idle_stop=given.idle_stop,
        options=options,
        key=given.key,
    )


def _order(open_batch: Callable[[], Batch], verb: str, words: list[str]) -> BatchCluster:
    numbers = {"scale": ["N"], "adapt": ["MINIMUM", "MAXIMUM"], "stop": []}[verb]
    parser = Parser(f"cluster {verb}", " ".join(["ID", *numbers]), "See %batch cluster --help.")
    parser.add_argument("id", metavar="ID")
    for number in numbers:
        parser.add_argument(number.lower(), type=int, metavar=number)
    given = parser.parse_args(words)
    values = [getattr(given, number.lower()) for number in numbers]
    done: BatchCluster = getattr(open_batch().cluster(given.id), verb)(*values)
    return done
