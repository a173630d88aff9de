import type { TranslationBundle } from '@jupyterlab/translation';

import type {
  ChangeableField,
  JobPatch,
  JobRow,
  SignalName
} from '../../model/contract';
import { formatDuration } from '../../model/quantity';
import { readWalltime } from '../../model/terms';
import { isolated } from './quantityText';
import { countText, durationText } from './timeText';

/** What the dialog that asks for other terms is called. */
export function termsTitle(
  rows: readonly JobRow[],
  trans: TranslationBundle
): string {
  return rows.length === 1
    ? trans.__('Change %1', rows[0].name)
    : trans.__('Change %1 jobs', countText(rows.length));
}

/** What the time limit is now, and what batch systems let users do to it. */
export function presentWalltimeText(
  rows: readonly JobRow[],
  trans: TranslationBundle
): string {
  const limits = rows.map(({ walltime_seconds }) => walltime_seconds);
  const [least, most] = [Math.min(...limits), Math.max(...limits)];
  const now =
    least === most
      ? trans.__('It is %1 now.', durationText(most))
      : trans.__(
          'It is between %1 and %2 now.',
          durationText(least),
          durationText(most)
        );
  const advice = trans.__(
    'Less time may start a job sooner; more time is often for administrators to give. A job that has run longer already is ended.'
  );
  return `${now} ${advice}`;
}

/** What a field is called. */
export function termLabel(
  field: ChangeableField,
  trans: TranslationBundle
): string {
  switch (field) {
    case 'walltime_seconds':
      return trans.__('Time limit');
    case 'nice':
      return trans.__('Nice value');
    case 'comment':
      return trans.__('Comment');
  }
}

/** What can be typed into a field, and what comes of it. */
export function termHint(
  field: ChangeableField,
  text: string,
  trans: TranslationBundle
): string {
  switch (field) {
    case 'walltime_seconds': {
      const seconds = readWalltime(text);
      return seconds === null
        ? trans.__('Such as %1 or %2', '90m', '1-12:00')
        : trans.__('Read as %1', isolated(formatDuration(seconds, 4)));
    }
    case 'nice':
      return trans.__(
        'Such as 100: the greater, the later a job that waits starts. To make it smaller is often for administrators.'
      );
    case 'comment':
      return trans.__(
        'One line, for those who list jobs there; in place of an earlier one'
      );
  }
}

/** What a field takes, where what is typed is none of it. */
export function wrongTermText(
  field: ChangeableField,
  text: string,
  trans: TranslationBundle
): string {
  switch (field) {
    case 'walltime_seconds':
      return trans.__('A time, such as %1 or %2.', '90m', '1-12:00');
    case 'nice':
      return text.trim() === ''
        ? trans.__('Or a whole number, such as 100.')
        : trans.__('A whole number, such as 100.');
    case 'comment':
      return text.trim() === ''
        ? trans.__('Or a line of text.')
        : trans.__('One line of at most 1,000 characters.');
  }
}

/** What is different in a job now. */
export function changedTermsText(
  { name, walltime_seconds }: Pick<JobRow, 'name' | 'walltime_seconds'>,
  patch: JobPatch,
  trans: TranslationBundle
): string {
  return [
    patch.walltime_seconds === undefined
      ? ''
      : trans.__(
          '%1 may now run for %2.',
          name,
          isolated(formatDuration(walltime_seconds, 3))
        ),
    patch.nice === undefined
      ? ''
      : trans.__('The nice value of %1 is %2 now.', name, String(patch.nice)),
    patch.comment === undefined
      ? ''
      : trans.__('%1 has another comment now.', name)
  ]
    .filter(Boolean)
    .join(' ');
}

/** What a signal is for. */
export function signalText(
  signal: SignalName,
  trans: TranslationBundle
): string {
  switch (signal) {
    case 'USR1':
    case 'USR2':
      return trans.__('%1: what its author chose, often a checkpoint', signal);
    case 'INT':
      return trans.__('%1: as Ctrl+C in a terminal', signal);
    case 'TERM':
      return trans.__('%1: asks it to end', signal);
    case 'HUP':
      return trans.__(
        '%1: as when a terminal closes, or to read its settings again',
        signal
      );
    case 'QUIT':
      return trans.__('%1: asks it to end, and to leave a core file', signal);
    case 'CONT':
      return trans.__('%1: goes on, if it had stopped', signal);
  }
}

/** The words around the choice of a signal. */
export function signalQuestion(
  rows: readonly Pick<JobRow, 'name'>[],
  trans: TranslationBundle
): { title: string; label: string } {
  return {
    title:
      rows.length === 1
        ? trans.__('Send a signal to %1', rows[0].name)
        : trans.__('Send a signal to %1 jobs', countText(rows.length)),
    label: trans.__(
      'It goes to all that runs there. What comes of it is up to the program: one that does not expect a signal is ended by most of them.'
    )
  };
}
