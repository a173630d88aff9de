import type { TranslationBundle } from '@jupyterlab/translation';

import { optionsOf } from '../../model/clusterOptions';
import type { ClusterOffer, Issue } from '../../model/contract';
import type { FormIssue } from '../../model/formIssue';
import { collectIssues, concerns, isBlocking } from '../compose/fieldIssues';
import type { IFieldIssue } from '../compose/fieldIssues';
import type { IFieldHandle } from '../compose/formHandle';
import { errorText, isBatchError } from './errorText';

/** What is wrong with a form, whatever is in it. */
interface IAmiss {
  readonly formIssues: readonly FormIssue[];
  readonly issues: readonly Issue[];
  readonly error: Error | null;
  /** Where it is to be started, if something is. */
  readonly offer?: ClusterOffer;
}

/** Fields of the dialogs about clusters; in those with dots a part of the last name may follow. */
const FIELDS = [
  'gateway_id',
  'spec.name',
  'spec.workers.count',
  'spec.workers.minimum',
  'spec.workers.maximum',
  'spec.idle_stop_seconds',
  'count',
  'minimum',
  'maximum'
];

/** What stands at the fields, and what belongs to none of them. */
export function formIssuesOf(
  amiss: IAmiss,
  trans: TranslationBundle
): { form: IFieldHandle; others: readonly IFieldIssue[] } {
  const all = collectIssues(amiss.formIssues, amiss.issues, trans);
  const fields = fieldsOf(amiss);
  return {
    form: {
      issuesAt: field => all.filter(issue => concerns(issue, field)),
      visit: () => undefined
    },
    others: all.filter(issue => !isAtField(issue, fields))
  };
}

/** The first field that stands in the way of another try; null if none does. */
export function blockingField(
  amiss: IAmiss,
  trans: TranslationBundle
): string | null {
  const all = collectIssues(amiss.formIssues, amiss.issues, trans);
  const fields = fieldsOf(amiss);
  return (
    all.find(one => isAtField(one, fields) && isBlocking(one))?.field ?? null
  );
}

/** A template is for a gateway that is not here. */
export function missingGatewayText(
  id: string,
  trans: TranslationBundle
): string {
  return trans.__(
    'The template is for the gateway %1, which this Jupyter server does not have. The form shows what is usual on the one it has.',
    id
  );
}

/** Why the last try failed, unless the fields say so. */
export function failureText(
  { error, issues }: IAmiss,
  trans: TranslationBundle
): string {
  const problem = isBatchError(error) ? error.problem : null;
  if (problem?.code === 'key_reused') {
    return trans.__(
      'The first try did arrive, with what stood here then. No other cluster was started. Close this and look for it in the list.'
    );
  }
  return error && issues.length === 0 ? errorText(error, trans) : '';
}

/** Those of every gateway, and the options of this one. */
function fieldsOf({ offer }: IAmiss): readonly string[] {
  const options = offer ? optionsOf(offer) : [];
  return [...FIELDS, ...options.map(({ name }) => `spec.options.${name}`)];
}

function isAtField(issue: IFieldIssue, fields: readonly string[]): boolean {
  return fields.some(field => concerns(issue, field));
}
