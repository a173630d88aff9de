import type { JobEvent, JobRow, Phase } from './contract';
import { isFinal } from './phase';

/** Some time that a job spent in one phase, in ms since the epoch. */
export interface ITimeSpan {
  readonly phase: Phase;
  readonly from: number;
  readonly to: number;
}

/** Where the time of a job went. */
export interface ITimeline {
  readonly spans: readonly ITimeSpan[];
  readonly begin: number;
  /** When it was over; now, if it is not. */
  readonly end: number;
  /** When its time is over, or would have been; null before it runs. */
  readonly limit: number | null;
}

/** What is drawn beyond the end is at most so many times as long as all before it. */
const MOST_AHEAD = 4;

/** Tell from what happened to a job in which phases it spent how long; null if nothing did. */
export function timelineOf(
  events: readonly JobEvent[],
  row: Pick<JobRow, 'phase' | 'walltime_seconds'>,
  now: number
): ITimeline | null {
  const spans: ITimeSpan[] = [];
  let started: number | null = null;
  let attempt = 0;
  events.forEach((event, index) => {
    const next = events[index + 1];
    const from = Date.parse(event.at);
    const isRun = event.phase === 'EXECUTING';
    if (isRun && (started === null || event.attempt !== attempt)) {
      started = from;
      attempt = event.attempt;
    }
    // Clocks differ: an end that stands before its beginning is none.
    const to = Math.max(from, next ? Date.parse(next.at) : now);
    if (!isFinal(event.phase) && to > from) {
      spans.push({ phase: event.phase, from, to });
    }
  });
  if (spans.length === 0) {
    return null;
  }
  const limit =
    started === null ? null : started + row.walltime_seconds * 1_000;
  const begin = Math.min(...spans.map(({ from }) => from));
  const end = Math.max(...spans.map(({ to }) => to));
  return { spans, begin, end, limit };
}

/** Whether the limit is near enough to be drawn; one who still waits for it sees it always. */
export function isLimitDrawn(
  { begin, end, limit }: ITimeline,
  phase: Phase
): boolean {
  return (
    limit !== null &&
    (!isFinal(phase) || limit - begin <= (1 + MOST_AHEAD) * (end - begin))
  );
}

/** How long a job was in each phase altogether, in seconds, in the order in which it came there. */
export function secondsIn(
  spans: readonly ITimeSpan[]
): ReadonlyMap<Phase, number> {
  const seconds = new Map<Phase, number>();
  for (const { phase, from, to } of spans) {
    seconds.set(phase, (seconds.get(phase) ?? 0) + (to - from) / 1_000);
  }
  return seconds;
}
