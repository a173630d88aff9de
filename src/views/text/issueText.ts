import type { TranslationBundle } from '@jupyterlab/translation';

import type { Issue } from '../../model/contract';
import { bytesText } from './quantityText';
import { countText, durationText } from './timeText';

/** Where an environment is, of which the server says more than that it is missing. */
const ENVIRONMENT = /^spec\.environment\.(path|name)$/;

/** Something stands in the field of tags then: a value. */
const TAG_WITHOUT_NAME = 'spec.tags.';

/**
 * What is wrong with one field of a form.
 *
 * The server's own words stand where only it knows what was wrong.
 */
export function issueText(issue: Issue, trans: TranslationBundle): string {
  const limit = limitText(issue);
  switch (issue.code) {
    case 'required':
      return issue.field === TAG_WITHOUT_NAME
        ? trans.__('Give the tag a name')
        : trans.__('Fill this in');
    case 'control_character':
      return trans.__('Contains a control character');
    case 'not_found':
      return ENVIRONMENT.test(issue.field)
        ? issue.message
        : trans.__('There is no such file');
    case 'not_a_file':
      return trans.__('This is not a file');
    case 'not_readable':
      return trans.__('You may not read this');
    case 'not_writable':
      return trans.__('You may not write here');
    case 'not_a_notebook':
      return trans.__('This is not a notebook');
    case 'unknown_kernel':
      return trans.__('There is no such kernel');
    case 'unknown_gateway':
      return trans.__('No such gateway is configured on this Jupyter server');
    case 'unknown_queue':
      return trans.__('There is no such queue');
    case 'unknown_account':
      return trans.__('There is no such account');
    case 'too_long':
      return limit ? trans.__('At most %1 characters', limit) : issue.message;
    case 'over_machine':
      return limit ? trans.__('There are at most %1', limit) : issue.message;
    case 'over_queue':
      return limit
        ? trans.__('The queue has at most %1', limit)
        : issue.message;
    case 'source_changed':
      return trans.__(
        'The copy of what ran was deleted. The file as it is now would be submitted.'
      );
    case 'unknown_job':
      return trans.__('There is no such job on this gateway');
    case 'bad_variable_name':
    case 'bad_tag':
    case 'unknown_qos':
    case 'unknown_reservation':
    case 'unknown_feature':
    case 'over_qos':
    case 'over_allocation':
    case 'not_allowed':
    case 'in_the_past':
    case 'never_starts':
    case 'not_supported':
    case 'unknown_field':
    case 'wrong_type':
    case 'out_of_range':
    case 'secret_literal':
    case 'gateway_refused':
      return issue.message;
  }
}

/** The limit in the words of its field; empty if there is none. */
function limitText(issue: Issue): string {
  if (issue.limit === null) {
    return '';
  }
  if (issue.code !== 'too_long' && issue.field.endsWith('memory_bytes')) {
    return bytesText(issue.limit);
  }
  if (issue.code !== 'too_long' && issue.field.endsWith('walltime_seconds')) {
    return durationText(issue.limit);
  }
  return countText(issue.limit);
}
