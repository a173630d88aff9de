"""What a poller knows of the jobs it watches and concludes from each look. No clock, no I/O."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from jupyterlab_batch.domain.phases import is_final
from jupyterlab_batch.gateways.harvest import (
    SILENCE_SECONDS,
    SILENCES,
    explained,
    is_whole,
    with_record,
)
from jupyterlab_batch.gateways.observation import Gone, Observation, WatchEvent
from jupyterlab_batch.gateways.tracking import Tracked, is_same_job, is_successor
from jupyterlab_batch.gateways.watched import SOON_SECONDS, Watched
from jupyterlab_batch.gateways.watchedarray import WatchedArray

LOST_TEXT: Final = (
    "The queue has forgotten this job, and its record says that it never ended. "
    "Look at its log before you submit it again."
)


class WatchList:
    """The tracked jobs of one gateway."""

    def __init__(self) -> None:
        self._watched: dict[str, Watched] = {}
        self.is_behind = False
        """The last look left some that were due."""

    def __len__(self) -> int:
        return len(self._watched)

    @property
    def has_active(self) -> bool:
        """Whether some job is not over: the queue is asked for it in each round."""
        return any(not one.is_over for one in self._watched.values())

    @property
    def is_expected_to_move(self) -> bool:
        """Whether some job may change by itself."""
        return any(one.is_expected_to_move for one in self._watched.values())

    def add(self, jobs: Iterable[Tracked], now: float) -> None:
        """Watch these jobs too; one that is watched already stays as it is.

        A later job of the same native id takes the place of the one before: ids are given again.
        """
        for job in jobs:
            known = self._watched.get(job.native_id)
            if known is None or is_successor(job, known.job):
                array = None
                if job.indices is not None:
                    array = WatchedArray(job.native_id, job.indices)
                watched = self._watched[job.native_id] = Watched(job=job, array=array)
                watched.schedule(now)

    def hurry(self, native_ids: Iterable[str], now: float) -> None:
        """Look at these jobs soon, and some times more until it shows what happened."""
        for native_id in native_ids:
            watched = self._watched.get(native_id)
            if watched is not None and not watched.is_over:
                watched.looks, watched.is_hurried = 0, True
                watched.schedule(now)

    def next_due(self) -> float | None:
        """Return when the first job is to be looked at alone."""
        return min((one.due for one in self._watched.values() if one.due is not None), default=None)

    def due(
        self, now: float, *, is_round: bool, at_once: int | None = None
    ) -> tuple[list[str], list[str]]:
        """Return the native ids to look at now: those not over, and those that only lack usage.

        Parameters
        ----------
        is_round
            Whether it is time to look at all that are not over.
        at_once
            How many at most of those to which nothing happened; others stay due, and those that
            have waited longest come first. ``None``: all.
        """
        if is_round:
            for one in self._watched.values():
                if not one.is_over and (one.due is None or one.due > now):
                    one.due = now
        due = [one for one in self._watched.values() if one.due is not None and one.due <= now]
        taken = due
        if at_once is not None:
            hurried = [one for one in due if one.is_hurried and not one.is_over]
            taken = hurried or sorted(due, key=lambda one: one.due or now)[:at_once]
        self.is_behind = len(taken) < len(due)
        active = [one.job.native_id for one in taken if not one.is_over]
        return active, [one.job.native_id for one in taken if one.is_over]

    def only_ours(self, found: Iterable[Observation]) -> dict[str, Observation]:
        """Leave out another job that got the same native id, before or after ours."""
        ours = {}
        for one in found:
            watched = self._watched.get(one.native_id)
            if watched is not None and is_same_job(watched.job, one):
                ours[one.native_id] = one
        return ours

    def recognizer(self, native_id: str) -> Callable[[Observation], bool]:
        """Return what knows the job that is watched under an id now; if none is, any will do."""
        watched = self._watched.get(native_id)
        return lambda seen: watched is None or is_same_job(watched.job, seen)

    def questions(
        self,
        active: Sequence[str],
        over: Sequence[str],
        seen: Mapping[str, Observation],
        now: float,
    ) -> list[str]:
        """Return what to look up in the history: jobs, and tasks of arrays.

        Parameters
        ----------
        active, over
            The native ids that were looked for, as `due` told them.
        seen
            What the queue said of the first, by native id.
        """
        asked = []
        for native_id in [*over, *active]:
            watched = self._watched.get(native_id)
            found = seen.get(native_id)
            if watched is None:
                continue
            if watched.array is not None:
                if not watched.is_over:
                    watched.array.take(found, now)
                if found is not None or watched.is_over or watched.job.misses:
                    asked += watched.array.questions(now)
            elif found is None or (is_final(found.phase) and found.phase != "COMPLETED"):
                # Of one that has completed it adds only the usage: that is told first.
                asked.append(native_id)
        return asked

    def conclude(
        self,
        asked: Sequence[str],
        seen: Mapping[str, Observation],
        records: Mapping[str, Observation] | None,
        now: float,
    ) -> list[WatchEvent]:
        """Take one look and return what it changed; ends come first, for which somebody may wait.

        Parameters
        ----------
        asked
            The native ids that were looked for.
        seen
            What the queue said, by native id.
        records
            What the history said, by native id; ``None`` if it did not answer.
        """
        events: list[WatchEvent] = []
        for native_id in asked:
            watched = self._watched.get(native_id)
            if watched is None:
                continue
            record = None if records is None else records.get(native_id)
            event: WatchEvent | None
            if watched.array is not None:
                found = seen.get(native_id)
                event = self._array(watched, watched.array, found, records, now)
            elif watched.is_over:
                event = self._harvested(watched, record, now, is_known=records is not None)
            elif native_id in seen:
                event = self._noted(watched, seen[native_id], record, now)
            else:
                event = self._missed(watched, record, now, is_known=records is not None)
            if event is not None:
                events.append(event)
        return sorted(events, key=_goes_on)

    def _array(
        self,
        watched: Watched,
        array: WatchedArray,
        seen: Observation | None,
        records: Mapping[str, Observation] | None,
        now: float,
    ) -> WatchEvent | None:
        """Take what was said of an array; the records of its tasks add their usage."""
        if seen is not None:
            watched.job.misses = 0
        elif not watched.is_over:
            watched.job.misses += 1
        if records is not None:
            array.answer(records.get(watched.job.native_id), now)
            if watched.job.misses > 1 and not array.is_known:
                self._forget(watched)
                return Gone(native_id=watched.job.native_id)
        event = array.event(seen)
        watched.last = watched.last if event is None else event
        if watched.is_over and array.next_due() is None:
            self._forget(watched)
        elif watched.is_over:
            watched.due = array.next_due()
        elif watched.job.misses or array.is_behind:
            watched.due = now + SOON_SECONDS[1]
        elif watched.due is not None:
            watched.schedule(now)
        return event

    def _forget(self, watched: Watched) -> None:
        del self._watched[watched.job.native_id]

    def _noted(
        self, watched: Watched, seen: Observation, record: Observation | None, now: float
    ) -> Observation | None:
        """Take what the queue says; the record of a job that is over adds its usage."""
        watched.job.misses = 0
        is_whole_now = False
        if is_final(seen.phase) and record is not None and is_final(record.phase):
            seen = with_record(seen, record)
            is_whole_now = is_whole(record)
        before, watched.last = watched.last, seen
        if is_whole_now:
            self._forget(watched)
        elif watched.is_over:
            watched.looks = 0
            watched.schedule(now)
        elif watched.due is not None:
            watched.schedule(now)
        return None if seen == before else seen

    def _harvested(
        self, watched: Watched, record: Observation | None, now: float, *, is_known: bool
    ) -> Observation | None:
        """Take the usage of a job that is over; give up when the history does not know it."""
        if not is_known and watched.silences < SILENCES:
            watched.silences += 1
            watched.due = now + SILENCE_SECONDS
            return None
        before = watched.last
        if record is not None and before is not None and is_final(record.phase):
            watched.last = with_record(before, record)
        watched.schedule(now)
        if watched.due is None or (record is not None and is_whole(record)):
            self._forget(watched)
        return None if watched.last == before else watched.last

    def _missed(
        self, watched: Watched, record: Observation | None, now: float, *, is_known: bool
    ) -> WatchEvent | None:
        """Judge a job that the queue does not know: over, lost in between, or gone."""
        if record is not None and is_final(record.phase):
            if watched.last is not None and record.memory_asked_bytes is None:
                asked = watched.last.memory_asked_bytes
                record = explained(replace(record, memory_asked_bytes=asked))
            watched.last, watched.looks = record, 0
            watched.schedule(now)
            if is_whole(record):
                self._forget(watched)
            return record
        watched.due = None
        watched.job.misses += 1
        if watched.job.misses < 2:
            watched.looks = 2  # the second look comes a second later
            watched.schedule(now)
            return None
        if not is_known:
            return None
        if record is None:
            self._forget(watched)
            return Gone(native_id=watched.job.native_id)
        lost = replace(record, phase="UNKNOWN", reason="lost", reason_text=LOST_TEXT)
        before, watched.last = watched.last, lost
        return None if lost == before else lost


def _goes_on(event: WatchEvent) -> bool:
    return isinstance(event, Observation) and not is_final(event.phase)
