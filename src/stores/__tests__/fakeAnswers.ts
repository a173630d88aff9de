import type { JobCounts, JobRow } from '../../model/contract';
import { groupOf } from '../../model/phase';
import { fold } from '../../model/query';
import type { IJobQuery, ILogChunk } from '../../tokens';

/** Some bytes of a log, as the server cuts them. */
export function cutLog(
  log: { bytes: Uint8Array; etag: string },
  offset: number,
  limit: number
): ILogChunk {
  const { bytes, etag } = log;
  const size = bytes.length;
  const first = Math.min(
    size,
    Math.max(0, offset < 0 ? size + offset : offset)
  );
  return {
    bytes: bytes.slice(first, first + limit),
    offset: first,
    size,
    etag
  };
}

/** How many jobs there are in each group. */
export function countJobs(rows: Iterable<JobRow>): JobCounts {
  const counts = { needs_you: 0, running: 0, queued: 0, finished: 0 };
  for (const row of rows) {
    counts[groupOf(row)] += 1;
  }
  return counts;
}

/** How many of the finished jobs ended today, if it was asked when that began. */
export function countToday(
  { day_start }: { day_start?: string },
  rows: Iterable<JobRow>
): number | null {
  return day_start === undefined
    ? null
    : [...rows].filter(
        row =>
          groupOf(row) === 'finished' &&
          row.ended_at !== null &&
          Date.parse(row.ended_at) >= Date.parse(day_start)
      ).length;
}

/** How many jobs there are of each phase. */
export function countPhases(rows: Iterable<JobRow>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { phase } of rows) {
    counts[phase] = (counts[phase] ?? 0) + 1;
  }
  return counts;
}

/** Tell whether the server would list a job. */
export function isFound(query: IJobQuery, row: JobRow): boolean {
  const { phase = [], gateway_id = [], q = '' } = query;
  return (
    (phase.length === 0 || phase.includes(row.phase)) &&
    (gateway_id.length === 0 || gateway_id.includes(row.gateway_id)) &&
    fold(q)
      .split(' ')
      .every(word => fold(row.name).includes(word))
  );
}
