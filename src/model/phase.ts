import type { JobGroup, JobRow, Phase } from './contract';

/** The groups of the panel, in the order of what a person must do. */
export const JOB_GROUPS: readonly JobGroup[] = [
  'needs_you',
  'running',
  'queued',
  'finished'
];

/** Tell whether nothing more will happen to a job of this phase by itself. */
export function isFinal(phase: Phase): boolean {
  switch (phase) {
    case 'COMPLETED':
    case 'ERROR':
    case 'ABORTED':
    case 'ARCHIVED':
      return true;
    case 'PENDING':
    case 'HELD':
    case 'QUEUED':
    case 'EXECUTING':
    case 'SUSPENDED':
    case 'UNKNOWN':
      return false;
  }
}

/** Tell in which group a job belongs; the Python twin is `domain.phases.group_of`. */
export function groupOf(row: Pick<JobRow, 'phase' | 'seen'>): JobGroup {
  switch (row.phase) {
    case 'UNKNOWN':
      return 'needs_you';
    case 'ERROR':
      return row.seen ? 'finished' : 'needs_you';
    case 'EXECUTING':
    case 'SUSPENDED':
      return 'running';
    case 'PENDING':
    case 'HELD':
    case 'QUEUED':
      return 'queued';
    case 'COMPLETED':
    case 'ABORTED':
    case 'ARCHIVED':
      return 'finished';
  }
}

/** Tell whether a job is over, so that it can be run once more, or forgotten. */
export function isOver(row: Pick<JobRow, 'phase'>): boolean {
  return isFinal(row.phase);
}

/** Tell whether only the user can say that a job does not exist. */
export function canGiveUp(row: Pick<JobRow, 'phase'>): boolean {
  return row.phase === 'UNKNOWN';
}

/** Tell whether cancelling makes sense: the job is not over and not being cancelled yet. */
export function canCancel(row: Pick<JobRow, 'phase' | 'substate'>): boolean {
  return !isFinal(row.phase) && row.substate !== 'cancelling';
}
