import type { TranslationBundle } from '@jupyterlab/translation';

import type { BulkAction, BulkItem, BulkResult } from '../../model/bulk';
import type { JobRow } from '../../model/contract';
import { tallyOf } from '../../model/tasks';
import { countText } from './timeText';

/** So many names stand in a question. */
const NAMES_SHOWN = 5;

/** What a button says: the action and how many jobs it fits. */
export function bulkLabel(
  action: BulkAction,
  count: number,
  trans: TranslationBundle
): string {
  const shown = countText(count);
  switch (action) {
    case 'cancel':
      return trans.__('Cancel %1', shown);
    case 'hold':
      return trans.__('Hold %1', shown);
    case 'release':
      return trans.__('Release %1', shown);
    case 'suspend':
      return trans.__('Suspend %1', shown);
    case 'resume':
      return trans.__('Resume %1', shown);
    case 'requeue':
      return trans.__('Run %1 again from the start', shown);
    case 'change':
      return trans.__('Change %1', shown);
    case 'signal':
      return trans.__('Send a signal to %1', shown);
    case 'resubmit':
      return trans.__('Resubmit %1', shown);
    case 'forget':
      return trans.__('Forget %1', shown);
  }
}

/** The words of a question about many jobs. */
export interface IBulkQuestion {
  title: string;
  body: string;
  act: string;
}

/** Ask whether something is to be done to many jobs; null if nobody need be asked. */
export function bulkQuestion(
  action: BulkAction,
  rows: readonly JobRow[],
  trans: TranslationBundle
): IBulkQuestion | null {
  const names = namesText(rows, trans);
  const count = rows.length;
  const shown = countText(count);
  switch (action) {
    case 'cancel':
      return {
        title: trans._n('Cancel %2 job?', 'Cancel %2 jobs?', count, shown),
        body: trans.__(
          '%1. %2What has been written so far stays in the run directories.',
          names,
          endedTasksText(rows, trans)
        ),
        act: trans._n('Cancel Job', 'Cancel %2 Jobs', count, shown)
      };
    case 'forget':
      return {
        title: trans._n('Forget %2 job?', 'Forget %2 jobs?', count, shown),
        body: trans.__(
          '%1. They leave the list, in every tab. The run directories stay, with logs and outputs.',
          names
        ),
        act: trans._n('Forget Job', 'Forget %2 Jobs', count, shown)
      };
    case 'requeue':
      return {
        title: trans._n(
          'Run %2 job again from the start?',
          'Run %2 jobs again from the start?',
          count,
          shown
        ),
        body: trans.__(
          '%1. Each is ended, waits again and begins anew. What it has not written to a file is lost.',
          names
        ),
        act: trans._n('Run Job Again', 'Run %2 Jobs Again', count, shown)
      };
    case 'hold':
    case 'release':
    case 'suspend':
    case 'resume':
    case 'change':
    case 'signal':
    case 'resubmit':
      // Nobody need be asked, or a form asks.
      return null;
  }
}

/** The words around the form that asks what is to be different in many jobs. */
export function resubmitQuestion(
  rows: readonly JobRow[],
  trans: TranslationBundle
): IBulkQuestion {
  const count = rows.length;
  const shown = countText(count);
  return {
    title: trans._n('Resubmit %2 job?', 'Resubmit %2 jobs?', count, shown),
    body: trans.__(
      '%1. Each runs once more, from the copy in its run directory.',
      namesText(rows, trans)
    ),
    act: trans._n('Resubmit Job', 'Resubmit %2 Jobs', count, shown)
  };
}

/** How many tasks of arrays end with them; empty, or a sentence and a space. */
function endedTasksText(
  rows: readonly JobRow[],
  trans: TranslationBundle
): string {
  const count = rows
    .flatMap(({ array }) => (array ? [tallyOf(array)] : []))
    .reduce((sum, { running, waiting }) => sum + running + waiting, 0);
  return count === 0
    ? ''
    : `${trans._n('%2 task ends.', '%2 tasks end.', count, countText(count))} `;
}

function namesText(rows: readonly JobRow[], trans: TranslationBundle): string {
  const names = rows.slice(0, NAMES_SHOWN).map(({ name }) => name);
  const rest = rows.length - names.length;
  const listed = names.join(', ');
  return rest > 0
    ? trans.__('%1 and %2 more', listed, countText(rest))
    : listed;
}

/** What came of an action at many jobs, in one line: `2 cancelled, 1 was already over`. */
export function resultText(
  { action, items }: BulkResult,
  trans: TranslationBundle
): string {
  const count = (outcome: BulkItem['outcome']): number =>
    items.filter(item => item.outcome === outcome).length;
  const final = count('already_final');
  const gone = count('not_found');
  const refused = count('denied');
  const failed = count('error');
  return [
    count('ok') > 0 ? doneText(action, count('ok'), trans) : '',
    final > 0
      ? trans._n(
          '%2 was already over',
          '%2 were already over',
          final,
          countText(final)
        )
      : '',
    gone > 0
      ? trans._n(
          '%2 was already forgotten',
          '%2 were already forgotten',
          gone,
          countText(gone)
        )
      : '',
    refused > 0
      ? trans._n(
          '%2 was refused',
          '%2 were refused',
          refused,
          countText(refused)
        )
      : '',
    failed > 0
      ? trans._n('%2 failed', '%2 failed', failed, countText(failed))
      : ''
  ]
    .filter(Boolean)
    .join(', ');
}

function doneText(
  action: BulkAction,
  count: number,
  trans: TranslationBundle
): string {
  const shown = countText(count);
  switch (action) {
    case 'cancel':
      return trans.__('%1 cancelled', shown);
    case 'hold':
      return trans.__('%1 held', shown);
    case 'release':
      return trans.__('%1 released', shown);
    case 'suspend':
      return trans.__('%1 suspended', shown);
    case 'resume':
      return trans.__('%1 resumed', shown);
    case 'requeue':
      return trans.__('%1 put into the queue again', shown);
    case 'change':
      return trans.__('%1 changed', shown);
    case 'signal':
      return trans._n(
        '%2 was sent a signal',
        '%2 were sent a signal',
        count,
        shown
      );
    case 'resubmit':
      return trans.__('%1 resubmitted', shown);
    case 'forget':
      return trans.__('%1 forgotten', shown);
  }
}

/** What was said of those at which something stood in the way, one a line. */
export function resultDetails(
  { items }: BulkResult,
  trans: TranslationBundle
): string {
  return items
    .filter(({ outcome, message }) => outcome !== 'ok' && message !== null)
    .map(({ name, message }) => trans.__('%1: %2', name, message ?? ''))
    .join('\n');
}
