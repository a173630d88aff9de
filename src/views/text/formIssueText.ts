import type { TranslationBundle } from '@jupyterlab/translation';

import type { FormIssue } from '../../model/draft';
import { MOST_VALUES } from '../../model/sweep';
import { countText } from './timeText';

/** Why the text of a field cannot be sent. */
export function formIssueText(
  { code, limit }: Pick<FormIssue, 'code' | 'limit'>,
  trans: TranslationBundle
): string {
  switch (code) {
    case 'required':
      return trans.__('Fill this in');
    case 'not_a_number':
      return trans.__('A whole number, such as 2');
    case 'not_a_decimal':
      return trans.__('A number, such as 0.5');
    case 'not_pairs':
      return trans.__('One NAME=value in each line');
    case 'not_a_size':
      return trans.__('A number with its unit, such as 8 GB');
    case 'not_a_duration':
      return trans.__('A duration, such as 1h 30m');
    case 'not_a_moment':
      return trans.__('A day and a time of day');
    case 'not_a_value':
      return trans.__('Not a value. Put text in quotes: "i"');
    case 'no_values':
      return trans.__('There is no value in this');
    case 'too_many_values':
      return trans.__('More than %1 values', countText(MOST_VALUES));
    case 'too_much_text':
      return trans.__(
        'Too long to be read here. Put the values into a file: @values.csv[column]'
      );
    case 'file_unread':
      return trans.__('Reading the file…');
    case 'file_missing':
      return trans.__('There is no such file');
    case 'file_too_large':
      return trans.__('The file is larger than 20 MB');
    case 'not_a_table':
      return trans.__(
        'This file has no line of column names with rows below it'
      );
    case 'no_such_column':
      return trans.__('The file has no such column');
    case 'indices_and_values':
      return trans.__(
        'Parameters vary already, one task for each value. Leave this empty'
      );
    case 'one_value_only':
      return trans.__('Give several values, one for each task, such as 0..99');
    case 'different_lengths':
      return trans.__('Side by side, all need the same number of values');
    case 'too_many_tasks':
      return trans.__(
        'More tasks than the gateway takes: at most %1',
        countText(limit ?? MOST_VALUES)
      );
    case 'not_indices':
      return trans.__('Indices of tasks, such as 0..99, 0..90:10 or 1, 2, 5');
    case 'unbalanced_quotes':
      return trans.__('A quotation mark is not closed');
    case 'duplicate_name':
      return trans.__('This name stands here twice');
  }
}
