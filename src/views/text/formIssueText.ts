import type { TranslationBundle } from '@jupyterlab/translation';

import type { FormIssueCode } from '../../model/draft';

/** Why the text of a field cannot be sent. */
export function formIssueText(
  code: FormIssueCode,
  trans: TranslationBundle
): string {
  switch (code) {
    case 'required':
      return trans.__('Fill this in');
    case 'not_a_number':
      return trans.__('A whole number, such as 2');
    case 'not_a_size':
      return trans.__('A number with its unit, such as 8 GB');
    case 'not_a_duration':
      return trans.__('A duration, such as 1h 30m');
    case 'not_a_value':
      return trans.__('Not a value. Put text in quotes: "i"');
    case 'not_indices':
      return trans.__('Indices of tasks, such as 0..99, 0..90:10 or 1, 2, 5');
    case 'unbalanced_quotes':
      return trans.__('A quotation mark is not closed');
    case 'duplicate_name':
      return trans.__('This name stands here twice');
  }
}
