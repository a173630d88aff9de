import type { TranslationBundle } from '@jupyterlab/translation';

import type { JobRow } from '../../model/contract';
import { countText, durationText } from './timeText';

/** What the dialog that asks for another time limit is called. */
export function walltimeTitle(
  rows: readonly JobRow[],
  trans: TranslationBundle
): string {
  return rows.length === 1
    ? trans.__('Time limit of %1', rows[0].name)
    : trans.__('Time limit of %1 jobs', countText(rows.length));
}

/** What the limit is now, and what batch systems let users do to it. */
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
