import type { TranslationBundle } from '@jupyterlab/translation';

import type { JobRow } from '../../model/contract';
import type { Act } from '../../model/orders';
import { overOf, tallyOf } from '../../model/tasks';
import type { TaskTally } from '../../model/tasks';
import { stateText } from './phaseText';
import { countText } from './timeText';

/** What is done to one job once the user has confirmed it. */
export type ConfirmedAction = 'cancel' | 'requeue' | 'forget' | 'give_up';

/** The words of a question: what will be done, what comes of it, and the two answers. */
export interface IQuestion {
  title: string;
  body: string;
  /** The answer that leaves everything as it is. */
  keep: string;
  /** The answer that does it. */
  act: string;
}

/** Ask whether something is to be done to a job; the consequences stand before the answer. */
export function questionText(
  action: ConfirmedAction,
  row: JobRow,
  trans: TranslationBundle
): IQuestion {
  const keep = trans.__('Keep Job');
  switch (action) {
    case 'cancel':
      return {
        title: trans.__('Cancel job %1?', row.name),
        body: row.array
          ? cancelArrayText(tallyOf(row.array), trans)
          : trans.__(
              'It is %1. What it has written so far stays in its run directory.',
              stateText(row, trans).toLocaleLowerCase()
            ),
        keep,
        act: trans.__('Cancel Job')
      };
    case 'requeue':
      return {
        title: trans.__('Run job %1 again from the start?', row.name),
        body: requeueText(row, trans),
        keep: trans.__('Let It Run'),
        act: trans.__('Run Again')
      };
    case 'forget':
      return {
        title: trans.__('Forget job %1?', row.name),
        body: trans.__(
          'It leaves the list, in every tab. Its run directory stays, with its logs and outputs.'
        ),
        keep,
        act: trans.__('Forget Job')
      };
    case 'give_up':
      return {
        title: trans.__('Give up job %1?', row.name),
        body: giveUpText(row, trans),
        keep: trans.__('Keep Looking'),
        act: trans.__('It Does Not Exist')
      };
  }
}

/** What is lost when a job begins again, and what is not. */
function requeueText(row: JobRow, trans: TranslationBundle): string {
  return row.array
    ? trans.__(
        'Its tasks that run are ended, wait again and begin anew as another attempt. What they have not written to a file is lost; their logs go on.'
      )
    : trans.__(
        'It is ended, waits again and begins anew as another attempt. What it has not written to a file is lost; its log goes on.'
      );
}

/** What cancelling an array ends, and what it leaves. */
function cancelArrayText(tally: TaskTally, trans: TranslationBundle): string {
  const { running, waiting } = tally;
  const over = overOf(tally);
  const ending = trans._n(
    'This ends %2 task that has not ended (%3 running, %4 waiting).',
    'This ends %2 tasks that have not ended (%3 running, %4 waiting).',
    running + waiting,
    countText(running + waiting),
    countText(running),
    countText(waiting)
  );
  const kept = trans._n(
    '%2 task is over and stays as it is.',
    '%2 tasks are over and stay as they are.',
    over,
    countText(over)
  );
  return [
    ending,
    over > 0 ? kept : '',
    trans.__('What has been written so far stays in the run directory.')
  ]
    .filter(Boolean)
    .join(' ');
}

/** What happened to an unknown job, and what comes of giving it up. */
function giveUpText(row: JobRow, trans: TranslationBundle): string {
  return row.native_id === null
    ? trans.__(
        'The batch system was asked to run it and did not answer, so nobody can tell whether it has the job. If you say that it does not exist, it is shown as failed and can be submitted again. A second run is harmless: should this job turn up after all, it ends without running.'
      )
    : trans.__(
        'The batch system took it, and nothing is heard of it any more. If you say that it is over, it is shown as failed; its run directory stays, and you can run it again. Nothing is stopped by this: look first whether it still writes to its log.'
      );
}

/** That something was not done to a job; why stands behind it. */
export function notDoneText(
  act: Act,
  { name }: Pick<JobRow, 'name'>,
  trans: TranslationBundle
): string {
  switch (act) {
    case 'hold':
      return trans.__('%1 was not held.', name);
    case 'release':
      return trans.__('%1 was not released.', name);
    case 'suspend':
      return trans.__('%1 was not suspended.', name);
    case 'resume':
      return trans.__('%1 was not resumed.', name);
    case 'requeue':
      return trans.__('%1 was not put into the queue again.', name);
    case 'change':
      return trans.__('%1 was not changed.', name);
    case 'signal':
      return trans.__('No signal was sent to %1.', name);
  }
}

/** Why nothing was done: the job is not what it was when the user was asked. */
export function changedText(row: JobRow, trans: TranslationBundle): string {
  return trans.__(
    '%1 has changed meanwhile: it is %2 now. Nothing was done.',
    row.name,
    stateText(row, trans).toLocaleLowerCase()
  );
}
