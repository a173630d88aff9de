import type { TranslationBundle } from '@jupyterlab/translation';

import type { JobRow } from '../../model/contract';
import type { IJobStore } from '../../tokens';
import { changedText, questionText } from '../../views/text/actionText';
import type { ConfirmedAction } from '../../views/text/actionText';
import { QuestionDialog } from '../../widgets/questionDialog';

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
  const { jobs, row: before, fits, trans } = options;
  const dialog = new QuestionDialog({
    question: questionText(action, before, trans),
    store: jobs,
    whyNot: () => {
      const row = jobs.row(before.id) ?? before;
      return fits(row) ? null : changedText(row, trans);
    },
    trans
  });
  const { button } = await dialog.launch();
  return button.accept;
}
