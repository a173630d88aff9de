"""What a cluster has against a submission, before it is submitted."""

from __future__ import annotations

from jupyterlab_batch.domain.generated import Issue, IssueCode, JobSpec, Queue
from jupyterlab_batch.gateways.slurm.refusals import ACCOUNT, CORES, MEMORY, QUEUE, WALLTIME
from jupyterlab_batch.gateways.slurm.script import MEBIBYTE, account_of, queue_of
from jupyterlab_batch.gateways.slurm.transport import Cluster


def issues_of(spec: JobSpec, cluster: Cluster) -> list[Issue]:
    """Compare a submission with what is known of the cluster.

    An unknown queue or account can never work. Limits are warnings: sites make exceptions of which
    Slurm does not tell, so the user may try.
    """
    issues = []
    account, name = account_of(spec), queue_of(spec)
    if account is not None and cluster.accounts and account not in cluster.accounts:
        issues.append(
            _issue(
                ACCOUNT,
                "unknown_account",
                f"You have no account {account} here. Yours: {', '.join(cluster.accounts)}.",
            )
        )
    queue = next((one for one in cluster.queues if _is_meant(one, name)), None)
    if queue is not None:
        issues += _over(spec, queue)
    elif name is not None and cluster.queues:
        names = ", ".join(one.name for one in cluster.queues)
        issues.append(
            _issue(QUEUE, "unknown_queue", f"There is no partition {name}. There are: {names}.")
        )
    return issues


def _is_meant(queue: Queue, name: str | None) -> bool:
    return queue.default if name is None else queue.name == name


def _over(spec: JobSpec, queue: Queue) -> list[Issue]:
    asked = spec.resources
    minutes = -(-asked.walltime_seconds // 60)
    found = []
    if queue.max_cores is not None and asked.cores > queue.max_cores:
        text = f"The largest node of partition {queue.name} has {queue.max_cores} cores."
        found.append(_warning(CORES, text, queue.max_cores))
    if queue.max_memory_bytes is not None and asked.memory_bytes > queue.max_memory_bytes:
        mebibytes = queue.max_memory_bytes // MEBIBYTE
        text = f"The largest node of partition {queue.name} has {mebibytes} MiB of memory."
        found.append(_warning(MEMORY, text, queue.max_memory_bytes))
    limit = queue.max_walltime_seconds
    if limit is not None and minutes * 60 > limit:
        text = f"Partition {queue.name} ends jobs after {limit // 60} minutes."
        found.append(_warning(WALLTIME, text, limit))
    return found


def _warning(field: str, message: str, limit: int) -> Issue:
    return Issue(field_=field, severity="warning", code="over_queue", message=message, limit=limit)


def _issue(field: str, code: IssueCode, message: str) -> Issue:
    return Issue(field_=field, severity="error", code=code, message=message, limit=None)
