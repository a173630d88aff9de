import type { TranslationBundle } from '@jupyterlab/translation';

import type { JobRow } from '../../model/contract';
import type { IJobStore } from '../../tokens';
import { questionText } from '../../views/text/actionText';
import type { ConfirmedAction } from '../../views/text/actionText';
import { JobDialog } from '../../widgets/jobDialog';

/**
 * Ask the user whether something is to be done to a job.
 *
 * @param fits - Whether it can be done to the job; asked again whenever that changes.
 * @returns whether it is to be done; false also if the job changed while the user was asked.
 */
export async function confirm(
  action: ConfirmedAction,
  options: {
    jobs: IJobStore;
    row: JobRow;
    fits: (row: JobRow) => boolean;
    trans: TranslationBundle;
  }
): Promise<boolean> {
  const question = questionText(action, options.row, options.trans);
  const dialog = new JobDialog({ ...options, question });
  const { button } = await dialog.launch();
  return button.accept;
}
