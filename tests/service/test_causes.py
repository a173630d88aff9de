"""Why tasks failed, and what they used: told from the store and from the ends of few logs."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from jupyterlab_batch.domain.generated import IndexArray, TaskCauses, TaskCounts, TaskUsage
from jupyterlab_batch.domain.problems import UnknownJob
from jupyterlab_batch.service.batch import BatchService
from jupyterlab_batch.service.taskusage import histogram
from jupyterlab_batch.service.telling import telling_of
from jupyterlab_batch.store.tasks import TaskRecord
from tests.fakes.gateway import FakeGateway
from tests.fakes.records import START, job_record
from tests.service.arrays import array, task, tasks_of, tells
from tests.service.waiting import send

JOB_ID = "0" * 26
TRACEBACK = b"""\
12:00 INFO began
Traceback (most recent call last):
  File "lens.py", line 14, in <module>
    raise ValueError("x")
lens.errors.RedshiftError: negative \x1b[31mredshift\x1b[0m\n12:01 ERROR later
"""


@pytest.fixture
async def directory(service: BatchService, root: Path) -> Path:
    folder = root / "batch-jobs" / "one"
    (folder / "tasks").mkdir(parents=True)
    record = job_record(id=JOB_ID, run_directory=str(folder), phase="EXECUTING")
    spec = msgspec.structs.replace(record.spec, array=IndexArray(start=0, stop=99))
    record = replace(record, spec=spec, array=TaskCounts(size=100, by_phase={}))
    await service.store.begin(record, "digest")
    return folder


async def put(service: BatchService, *tasks: TaskRecord) -> None:
    indices = [task.index for task in tasks]
    await service.store.update_array(JOB_ID, indices, lambda _: tasks, lambda *_: {})


def failed(index: int, **told: object) -> TaskRecord:
    told = {"reason": "exit_nonzero", "exit_code": 1, "started_at": START, **told}
    return TaskRecord(index=index, phase="ERROR", **told)  # type: ignore[arg-type]  # as each test says


def write(directory: Path, index: int, content: bytes, name: str = "stderr.log") -> None:
    (directory / "tasks" / str(index)).mkdir()
    (directory / "tasks" / str(index) / name).write_bytes(content)


async def causes(service: BatchService) -> TaskCauses:
    return await service.task_causes.causes(JOB_ID)


async def test_tasks_are_grouped_by_what_is_said_and_what_their_logs_tell(
    service: BatchService, directory: Path
) -> None:
    memory = {"reason": "memory", "exit_code": None}
    await put(
        service,
        *(failed(n, **memory, memory_peak_bytes=n * 100, elapsed_seconds=2.0) for n in (1, 2, 3)),
        failed(4),
        failed(5),
        failed(6, reason="cell_error", reason_text="KeyError: 'z' in cell 9"),
        TaskRecord(index=7, phase="COMPLETED"),
    )
    write(directory, 4, TRACEBACK)
    write(directory, 5, b"OSError: disk full\n", "stdout.log")
    told = await causes(service)
    assert told.failed == 6
    found = [(c.reason, c.exception, c.line, c.task_indices) for c in told.causes]
    assert found == [
        ("memory", None, None, [1, 2, 3]),
        ("exit_nonzero", "RedshiftError", "lens.errors.RedshiftError: negative redshift", [4]),
        ("exit_nonzero", "OSError", "OSError: disk full", [5]),
        ("cell_error", "KeyError", "KeyError: 'z' in cell 9", [6]),
    ]
    assert (told.causes[0].memory_peak_bytes, told.causes[0].elapsed_seconds) == (300, 2.0)


async def test_of_many_tasks_few_logs_are_read(service: BatchService, directory: Path) -> None:
    await put(service, *(failed(n) for n in range(50)))
    for n in range(50):
        write(directory, n, TRACEBACK)
    (cause,) = (await causes(service)).causes
    assert (cause.count, cause.logs_read, cause.exception) == (50, 20, "RedshiftError")
    (directory / "tasks" / "3" / "stderr.log").write_bytes(b"IOError: other\n")
    told = [(c.exception, c.count, c.logs_read) for c in (await causes(service)).causes]
    assert told == [(None, 30, 0), ("RedshiftError", 19, 19), ("IOError", 1, 1)]


async def test_a_log_that_is_none_tells_nothing(service: BatchService, directory: Path) -> None:
    await put(service, failed(1), failed(2))
    (directory / "tasks" / "1").mkdir()
    (directory / "tasks" / "1" / "stderr.log").symlink_to("/etc/passwd")
    (cause,) = (await causes(service)).causes
    assert (cause.line, cause.exception, cause.count) == (None, None, 2)


async def test_a_job_of_nobody(service: BatchService) -> None:
    with pytest.raises(UnknownJob):
        await causes(service)
    with pytest.raises(UnknownJob):
        await service.task_usage.usage(JOB_ID)


async def test_what_tasks_used(service: BatchService, directory: Path) -> None:
    used = {"phase": "COMPLETED", "started_at": START, "cpu_seconds": 3.0}
    await put(
        service,
        TaskRecord(index=1, elapsed_seconds=6.0, memory_peak_bytes=2**19, **used),  # type: ignore[arg-type]  # one dict for all
        failed(2, elapsed_seconds=60.0, memory_peak_bytes=2**20),
        TaskRecord(index=3, phase="EXECUTING", started_at=START, elapsed_seconds=1.0),
        TaskRecord(index=4, phase="ABORTED"),
    )
    usage = await service.task_usage.usage(JOB_ID)
    assert usage.tasks == 2 and usage.memory_bytes and usage.elapsed_seconds and usage.cores
    assert (usage.memory_bytes.most, usage.memory_bytes.asked) == (2**20, 2**20)
    assert usage.memory_bytes.failed[-1] == usage.memory_bytes.counts[-1] == 1
    assert (usage.elapsed_seconds.median, usage.elapsed_seconds.known) == (33.0, 2)
    assert (usage.cores.median, usage.cores.known) == (0.5, 1)


async def test_nothing_is_said_of_what_is_not_known(service: BatchService, directory: Path) -> None:
    usage = await service.task_usage.usage(JOB_ID)
    assert usage == TaskUsage(tasks=0, memory_bytes=None, elapsed_seconds=None, cores=None)
    assert (await causes(service)) == TaskCauses(failed=0, causes=[])


def test_a_number_beyond_what_was_asked_has_its_bar() -> None:
    spread = histogram(10, [(0, False), (10, False), (40, True)])
    assert spread is not None and (spread.width, sum(spread.counts)) == (2.0, 3)
    assert (spread.counts[0], spread.counts[5], spread.failed[19]) == (1, 1, 1)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", None),
        (b"residual 0.1\nall well\n", None),
        (b"sh: 1: fit: command not found\n", "sh: 1: fit: command not found"),
        (b"\xff\x00\xe2\x80\xaeValueError: x\n", "\ufffdValueError: x"),
        (b"Traceback (most recent call last):\n  File", "Traceback (most recent call last):"),
        (b"x" * 10_000 + b" ERROR", "x" * 300),
    ],
)
def test_the_line_that_tells(content: bytes, line: str | None) -> None:
    telling = telling_of(content)
    assert (None if telling is None else telling.line) == line


async def test_that_a_task_was_over_its_memory_may_be_told_after_its_end(
    service: BatchService, gateway: FakeGateway
) -> None:
    record = await send(service, array(0, 2))
    killed = [
        task(record, 0, "ERROR", reason="signal", signal=9, memory_peak_bytes=2**30),
        task(record, 1, "ERROR", reason="signal", signal=9),
        task(record, 2, "ERROR", reason="exit_nonzero", exit_code=3),
    ]
    record = await tells(service, gateway, record, "ERROR", *killed, reason="tasks_failed")
    over_memory = {"reason": "memory", "reason_text": "Too much.", "signal": 9}
    # The array as a whole is what it was: only by a new revision a page learns of it.
    record = await tells(service, gateway, record, "ERROR", task(record, 1, "ERROR", **over_memory))
    other = task(record, 2, "ERROR", reason="exit_nonzero", exit_code=3, memory_peak_bytes=2**20)
    record = await tells(service, gateway, record, "ERROR", other)
    tasks = await tasks_of(service, record)
    assert [(one.reason, one.signal) for one in tasks] == [
        ("signal", 9),
        ("memory", 9),
        ("exit_nonzero", None),
    ]
    causes = (await service.task_causes.causes(record.id)).causes
    assert [(one.reason, one.task_indices) for one in causes] == [
        ("signal", [0]),
        ("memory", [1]),
        ("exit_nonzero", [2]),
    ]
