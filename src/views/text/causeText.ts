import type { TranslationBundle } from '@jupyterlab/translation';

import type { JobRow, TaskCause } from '../../model/contract';
import { bytesText } from './quantityText';
import { durationText } from './timeText';

/** Why some tasks of an array failed, in few words. */
export function causeText(
  cause: TaskCause,
  row: Pick<JobRow, 'memory_bytes' | 'walltime_seconds'>,
  trans: TranslationBundle
): string {
  switch (cause.reason) {
    case 'memory':
      return trans.__('Out of memory at %1', bytesText(row.memory_bytes));
    case 'walltime':
      return trans.__('Longer than %1', durationText(row.walltime_seconds));
    case 'node':
      return trans.__('Node failure');
    case 'preempted':
      return trans.__('Preempted');
    default:
      return cause.exception ?? codeText(cause, trans);
  }
}

function codeText(cause: TaskCause, trans: TranslationBundle): string {
  if (cause.signal !== null) {
    return trans.__('Signal %1', cause.signal);
  }
  return cause.exit_code !== null
    ? trans.__('Exit code %1', cause.exit_code)
    : trans.__('Failed');
}
