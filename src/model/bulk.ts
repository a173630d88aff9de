import type { ActionInput, JobActionResult, JobRow } from './contract';
import { canAct } from './orders';
import type { Orders } from './orders';
import { canCancel, isOver } from './phase';

/** What the panel does to many jobs at once. */
export type BulkAction = ActionInput['action'] | 'change' | 'signal';

/** In the order in which they are offered. */
export const BULK_ACTIONS: readonly BulkAction[] = [
  'cancel',
  'hold',
  'release',
  'suspend',
  'resume',
  'requeue',
  'change',
  'signal',
  'resubmit',
  'forget'
];

/** The server takes so many jobs in one call. */
export const MOST_AT_ONCE = 1_000;

/** What came of an action at one job, or at one task of an array. */
export type BulkItem = Readonly<{
  /** Of a job, or the index of a task. */
  id: string;
  name: string;
  outcome: JobActionResult['outcome'];
  message: string | null;
}>;

/** What came of an action at many of them. */
export type BulkResult = Readonly<{
  action: BulkAction;
  items: readonly BulkItem[];
}>;

/** Tell whether an action makes sense for a job as it is now, and its gateway can do it. */
export function fits(
  action: BulkAction,
  row: Pick<JobRow, 'phase' | 'substate'>,
  can: Orders
): boolean {
  switch (action) {
    case 'cancel':
      return canCancel(row);
    case 'resubmit':
    case 'forget':
      return isOver(row);
    default:
      return canAct(action, row, can);
  }
}

/** Cut a list into pieces that the server takes in one call. */
export function inCalls<T>(items: readonly T[], most = MOST_AT_ONCE): T[][] {
  const calls: T[][] = [];
  for (let first = 0; first < items.length; first += most) {
    calls.push(items.slice(first, first + most));
  }
  return calls;
}

/** Those at which an action can be tried again: it was neither done nor needless. */
export function leftOver(result: BulkResult): string[] {
  return result.items
    .filter(({ outcome }) => outcome === 'denied' || outcome === 'error')
    .map(({ id }) => id);
}
