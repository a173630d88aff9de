import type { JobCounts, JobRow } from '../../model/contract';
import { groupOf } from '../../model/phase';
import type { ILogChunk } from '../../tokens';

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
