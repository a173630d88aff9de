import type { JobGroup, JobRow } from '../../model/contract';
import { dayStart } from '../../model/day';
import { JOB_GROUPS } from '../../model/phase';
import type { IJobsSnapshot } from '../../tokens';

/** A part of the list under a heading of its own: a group, or what of it is of today. */
export type ListSection = Readonly<{
  name: SectionName;
  group: JobGroup;
  /** Those that are known, from top to bottom. */
  rows: readonly JobRow[];
  /** All that there are. */
  count: number;
  /** More of them can be shown. */
  hasMore: boolean;
}>;

export type SectionName = JobGroup | 'finished_today' | 'finished_earlier';

/**
 * The parts of the list, from top to bottom.
 *
 * What ended today stands apart, as far as the server said how much that is.
 */
export function sectionsOf(
  snapshot: IJobsSnapshot,
  now: number
): readonly ListSection[] {
  return JOB_GROUPS.flatMap(group => {
    const { rows, hasMore } = snapshot.groups[group];
    const count = snapshot.counts?.[group] ?? rows.length;
    const whole: ListSection = { name: group, group, rows, count, hasMore };
    return group === 'finished' && snapshot.finishedToday !== null
      ? splitByDay(whole, snapshot.finishedToday, dayStart(now))
      : [whole];
  });
}

function splitByDay(
  { group, rows, count, hasMore }: ListSection,
  finishedToday: number,
  start: number
): ListSection[] {
  const isOfToday = ({ ended_at }: JobRow): boolean =>
    ended_at !== null && Date.parse(ended_at) >= start;
  const today = rows.filter(isOfToday);
  const earlier = rows.filter(row => !isOfToday(row));
  // A job that ended just now can be known here before the server has counted it.
  const todayCount = Math.max(finishedToday, today.length);
  const isMoreOfToday = todayCount > today.length;
  return [
    {
      name: 'finished_today',
      group,
      rows: today,
      count: todayCount,
      hasMore: hasMore && isMoreOfToday
    },
    {
      name: 'finished_earlier',
      group,
      rows: earlier,
      count: Math.max(count - todayCount, earlier.length),
      // Those of today come first.
      hasMore: hasMore && !isMoreOfToday
    }
  ];
}
