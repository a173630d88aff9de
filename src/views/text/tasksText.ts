import type { TranslationBundle } from '@jupyterlab/translation';

import type { Dependency } from '../../model/contract';
import type { TaskTally } from '../../model/tasks';
import { overOf } from '../../model/tasks';
import { countText } from './timeText';

/** How far an array is: `815 of 1,000`. */
export function tasksHead(tally: TaskTally, trans: TranslationBundle): string {
  return trans.__('%1 of %2', countText(overOf(tally)), countText(tally.size));
}

/** Where its tasks are, in words: `815 of 1,000 done`, `3 failed`, `27 running`. */
export function tasksParts(
  tally: TaskTally,
  trans: TranslationBundle
): string[] {
  return [
    trans.__('%1 of %2 done', countText(overOf(tally)), countText(tally.size)),
    ...restOf(tally, trans)
  ];
}

/** What its head does not say yet, from what presses first. */
export function restOf(tally: TaskTally, trans: TranslationBundle): string[] {
  const { failed, cancelled, running, waiting } = tally;
  return [
    failed > 0 ? trans.__('%1 failed', countText(failed)) : '',
    cancelled > 0 ? trans.__('%1 cancelled', countText(cancelled)) : '',
    running > 0 ? trans.__('%1 running', countText(running)) : '',
    waiting > 0 ? trans.__('%1 waiting', countText(waiting)) : ''
  ].filter(Boolean);
}

/** How many tasks: `1,000 tasks`. */
export function taskCountText(size: number, trans: TranslationBundle): string {
  return trans._n('%2 task', '%2 tasks', size, countText(size));
}

/** Which end of another job is waited for. */
export function whenText(
  when: Dependency['when'],
  trans: TranslationBundle
): string {
  switch (when) {
    case 'succeeded':
      return trans.__('has completed');
    case 'finished':
      return trans.__('is over, however it ended');
    case 'failed':
      return trans.__('is over and did not complete');
  }
}
