"""What a cluster has against a submission, before it is submitted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timezone

from jupyterlab_batch.domain.asked import gpus_of, nodes_of, placement_of, processes_of
from jupyterlab_batch.domain.generated import (
    Issue,
    IssueCode,
    JobSpec,
    Placement,
    Queue,
    Reservation,
)
from jupyterlab_batch.gateways.slurm.choices import MEBIBYTE
from jupyterlab_batch.gateways.slurm.refusals import (
    ACCOUNT,
    BEGIN,
    CORES,
    FEATURES,
    GPUS,
    MEMORY,
    NODES,
    PROCESSES,
    QOS,
    QUEUE,
    RESERVATION,
    WALLTIME,
)
from jupyterlab_batch.gateways.slurm.transport import Cluster


def issues_of(spec: JobSpec, cluster: Cluster) -> list[Issue]:
    """Compare a submission with what is known of the cluster.

    What is not there, or not for the user, can never work. Limits are warnings: sites make
    exceptions of which Slurm does not tell, so the user may try.
    """
    place = placement_of(spec)
    queue = next((one for one in cluster.queues if _is_meant(one, place.queue or None)), None)
    found = [*_account(place, cluster), *_qos(spec, place, cluster)]
    if queue is not None:
        found += [*_not_here(place, queue, cluster), *_over(spec, queue), *_gpus(spec, queue)]
    elif place.queue and cluster.queues:
        names = ", ".join(one.name for one in cluster.queues)
        text = f"There is no partition {place.queue}. There are: {names}."
        found.append(_error(QUEUE, "unknown_queue", text))
    return [*found, *_reservation(place, queue, cluster), *_features(place, queue, cluster)]


def _is_meant(queue: Queue, name: str | None) -> bool:
    return queue.default if name is None else queue.name == name


def _account(place: Placement, cluster: Cluster) -> Iterator[Issue]:
    if place.account and cluster.accounts and place.account not in cluster.accounts:
        text = f"You have no account {place.account} here. Yours: {', '.join(cluster.accounts)}."
        yield _error(ACCOUNT, "unknown_account", text)


def _qos(spec: JobSpec, place: Placement, cluster: Cluster) -> Iterator[Issue]:
    """Hold the quality of service against the user's associations, and the time against it."""
    if not place.qos or not cluster.site.qos:
        return
    chosen = next((one for one in cluster.site.qos if one.name == place.qos), None)
    account = place.account or cluster.site.default_account
    if chosen is None:
        names = ", ".join(one.name for one in cluster.site.qos)
        text = f"You may not choose the quality of service {place.qos}. You may: {names}."
        yield _error(QOS, "unknown_qos", text)
    elif account in cluster.accounts and account not in chosen.accounts:
        text = (
            f"The quality of service {chosen.name} does not go with the account {account}, but "
            f"with: {', '.join(chosen.accounts)}."
        )
        yield _error(QOS, "not_allowed", text)
    elif chosen.max_walltime_seconds is not None and _walltime(spec) > chosen.max_walltime_seconds:
        limit = chosen.max_walltime_seconds
        text = f"The quality of service {chosen.name} ends jobs after {limit // 60} minutes."
        yield _warning(WALLTIME, text, limit, code="over_qos")


def _not_here(place: Placement, queue: Queue, cluster: Cluster) -> Iterator[Issue]:
    """Find what the partition does not let in."""
    account = place.account or cluster.site.default_account
    if account in cluster.accounts and queue.accounts is not None and account not in queue.accounts:
        text = f"Partition {queue.name} takes no jobs of the account {account}."
        yield _error(ACCOUNT if place.account else QUEUE, "not_allowed", _and(text, queue.accounts))
    if place.qos and queue.qos is not None and place.qos not in queue.qos:
        text = f"Partition {queue.name} does not take the quality of service {place.qos}."
        yield _error(QOS, "not_allowed", _and(text, queue.qos))
    if not queue.is_open:
        text = f"Partition {queue.name} starts no jobs now. Yours would wait until it does."
        yield _warning(QUEUE, text, None, code="never_starts")


def _and(text: str, names: list[str]) -> str:
    return f"{text} It takes: {', '.join(names)}." if names else f"{text} It takes none of yours."


def _over(spec: JobSpec, queue: Queue) -> Iterator[Issue]:
    asked, name = spec.resources, queue.name
    nodes, processes = nodes_of(asked) or 1, processes_of(asked)
    if queue.max_cores is not None and asked.cores > queue.max_cores:
        text = f"The largest node of partition {name} has {queue.max_cores} cores."
        yield _warning(CORES, text, queue.max_cores)
    elif queue.total_cores is not None and asked.cores * processes > queue.total_cores:
        text = (
            f"{processes} processes of {asked.cores} cores are more than the "
            f"{queue.total_cores} cores of partition {name}."
        )
        yield _warning(PROCESSES, text, queue.total_cores // asked.cores)
    elif queue.max_cores is not None and asked.cores * processes > nodes * queue.max_cores > 0:
        yield from _over_nodes(spec, queue)
    if queue.max_nodes is not None and nodes > queue.max_nodes:
        text = f"A job in partition {name} gets at most {queue.max_nodes} nodes."
        yield _warning(NODES, text, queue.max_nodes)
    if queue.max_memory_bytes is not None and asked.memory_bytes > queue.max_memory_bytes:
        mebibytes = queue.max_memory_bytes // MEBIBYTE
        text = f"The largest node of partition {name} has {mebibytes} MiB of memory."
        yield _warning(MEMORY, text, queue.max_memory_bytes)
    limit = queue.max_walltime_seconds
    if limit is not None and _walltime(spec) > limit:
        text = f"Partition {name} ends jobs after {limit // 60} minutes."
        yield _warning(WALLTIME, text, limit)


def most_gpus(queues: Iterable[Queue]) -> int:
    """Return how many GPUs the node with most of one kind has."""
    return max((kind.max_per_node for queue in queues for kind in queue.gpus), default=0)


def _gpus(spec: JobSpec, queue: Queue) -> Iterator[Issue]:
    asked, most = gpus_of(spec.resources), most_gpus([queue])
    if asked > most:
        has = f"at most {most} GPUs on a node" if most else "no GPUs"
        yield _warning(GPUS, f"Partition {queue.name} has {has}.", most)


def _over_nodes(spec: JobSpec, queue: Queue) -> Iterator[Issue]:
    """Find that the processes do not fit into as many nodes as were asked for."""
    nodes = nodes_of(spec.resources)
    if nodes is None or queue.max_cores is None:
        return
    fit = nodes * (queue.max_cores // spec.resources.cores)
    text = f"At most {fit} such processes fit into {nodes} nodes of partition {queue.name}."
    yield _warning(PROCESSES, text, fit)


def _reservation(place: Placement, queue: Queue | None, cluster: Cluster) -> Iterator[Issue]:
    now = datetime.now(timezone.utc)
    if place.begin_at and place.begin_at <= now:
        yield _error(BEGIN, "in_the_past", "This time is over. Leave it out to begin now.")
    if not place.reservation or cluster.site.as_of is None:
        return
    one = next((one for one in cluster.site.reservations if one.name == place.reservation), None)
    if one is None:
        names = ", ".join(one.name for one in cluster.site.reservations)
        text = f"There is no reservation {place.reservation} for you."
        text += f" There are: {names}." if names else ""
        yield _error(RESERVATION, "unknown_reservation", text)
    else:
        yield from _within(one, place, queue, now)


def _within(
    one: Reservation, place: Placement, queue: Queue | None, now: datetime
) -> Iterator[Issue]:
    begin = place.begin_at or now
    if one.ends_at is not None and one.ends_at <= begin:
        text = f"The reservation {one.name} is over by then."
        yield _error(BEGIN if place.begin_at else RESERVATION, "not_allowed", text)
    if queue is not None and one.queue is not None and one.queue != queue.name:
        text = f"The reservation {one.name} is one of partition {one.queue}, not of {queue.name}."
        yield _error(RESERVATION, "not_allowed", text)


def _features(place: Placement, queue: Queue | None, cluster: Cluster) -> Iterator[Issue]:
    if cluster.site.as_of is None:
        return
    there_are = cluster.site.features if queue is None else queue.features
    where = "here" if queue is None else f"in partition {queue.name}"
    for name in place.features or []:
        if name not in there_are:
            text = f"No node {where} has the feature {name}."
            text += f" There are: {', '.join(there_are)}." if there_are else ""
            yield _error(FEATURES, "unknown_feature", text)


def _walltime(spec: JobSpec) -> int:
    """Return the time that Slurm is told, which counts in minutes."""
    return -(-spec.resources.walltime_seconds // 60) * 60


def _warning(
    field: str, message: str, limit: int | None, *, code: IssueCode = "over_queue"
) -> Issue:
    return Issue(field_=field, severity="warning", code=code, message=message, limit=limit)


def _error(field: str, code: IssueCode, message: str) -> Issue:
    return Issue(field_=field, severity="error", code=code, message=message, limit=None)
