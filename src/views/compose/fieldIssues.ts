import type { TranslationBundle } from '@jupyterlab/translation';

import type { Issue } from '../../model/contract';
import type { FormIssue } from '../../model/draft';
import type { TaskKind } from '../../model/form';
import { formIssueText } from '../text/formIssueText';
import { issueText } from '../text/issueText';

/** What is wrong with one field, in words. */
export interface IFieldIssue {
  /** Path in the submission. */
  field: string;
  severity: 'error' | 'warning';
  text: string;
  /** The field is just empty: said beside it only once it was visited. */
  isMissing: boolean;
  /** The batch system said it of the last try: another one may go well without a change. */
  isRefusal: boolean;
  /** The server said it of earlier contents: the present ones may be right. */
  isOld: boolean;
}

/** Whether an issue stands in the way of a submission. */
export function isBlocking(issue: IFieldIssue): boolean {
  return issue.severity === 'error' && !issue.isRefusal && !issue.isOld;
}

/**
 * All that is wrong: errors first, each in the order of the form; of a text that cannot be sent
 * only that is said.
 *
 * @param areOld - `issues` were said of earlier contents.
 */
export function collectIssues(
  formIssues: readonly FormIssue[],
  issues: readonly Issue[],
  trans: TranslationBundle,
  areOld = false
): IFieldIssue[] {
  const own: IFieldIssue[] = formIssues.map(({ field, code, limit }) => ({
    field,
    severity: 'error',
    text: formIssueText({ code, limit }, trans),
    isMissing: code === 'required' || code === 'file_unread',
    isRefusal: false,
    isOld: false
  }));
  const fields = new Set(own.map(issue => issue.field));
  const served = issues
    .map(issue => ({ ...issue, field: fieldInForm(issue.field) }))
    .filter(issue => !fields.has(issue.field))
    .map(issue => ({
      field: issue.field,
      severity: issue.severity,
      text: issueText(issue, trans),
      isMissing: issue.code === 'required',
      isRefusal: issue.code === 'gateway_refused',
      isOld: areOld
    }));
  const order = fieldNames(null, trans);
  const placeOf = ({ field }: IFieldIssue): number => {
    const place = order.findIndex(([start]) => field.startsWith(start));
    return place < 0 ? order.length : place;
  };
  return [...own, ...served].sort(
    (one, other) => rank(one) - rank(other) || placeOf(one) - placeOf(other)
  );
}

/** What the server says of a parameter that varies stands where its values are typed. */
function fieldInForm(field: string): string {
  return field.replace(/^spec\.array\.parameters\./, 'spec.task.parameters.');
}

function rank(issue: IFieldIssue): number {
  return issue.severity === 'error' ? 0 : 1;
}

/** Whether an issue belongs to a field of the form: to itself or to something in it. */
export function concerns(issue: IFieldIssue, field: string): boolean {
  return (
    issue.field === field ||
    issue.field.startsWith(`${field}.`) ||
    issue.field.startsWith(`${field}[`)
  );
}

/** Show the field that an issue concerns, unfold what hides it, and put the focus there. */
export function jumpToField(form: HTMLElement, field: string): void {
  const inputs = Array.from(
    form.querySelectorAll<HTMLElement>('[data-field]')
  ).filter(
    input =>
      (field + '.').startsWith(`${input.dataset.field}.`) ||
      field.startsWith(`${input.dataset.field}[`)
  );
  const closest = inputs.sort(
    (one, other) =>
      (other.dataset.field?.length ?? 0) - (one.dataset.field?.length ?? 0)
  )[0];
  if (!closest) {
    return;
  }
  const fold = closest.closest('details');
  if (fold) {
    fold.open = true;
  }
  closest.focus();
  closest.scrollIntoView?.({ block: 'center' });
}

/**
 * What a field of the submission is called in the form.
 *
 * @param kind - What the form runs; null where that is not known.
 */
export function fieldText(
  field: string,
  kind: TaskKind | null,
  trans: TranslationBundle
): string {
  const found = fieldNames(kind, trans).find(([start]) =>
    field.startsWith(start)
  );
  const last = field.slice(field.lastIndexOf('.') + 1);
  if (!found) {
    return last;
  }
  return field.startsWith('spec.task.parameters.') ||
    field.startsWith('spec.native.') ||
    field.startsWith('spec.environment.variables.')
    ? trans.__('%1 %2', found[1], last)
    : found[1];
}

/** The fields of the form from top to bottom, a part of one before the whole, and what they are called. */
function fieldNames(
  kind: TaskKind | null,
  trans: TranslationBundle
): readonly (readonly [string, string])[] {
  return [
    ['spec.task.kind', trans.__('What to run')],
    ['spec.task.path', pathText(kind, trans)],
    ['spec.task.argv', trans.__('Command')],
    ['spec.name', trans.__('Name')],
    ['spec.task.parameters', trans.__('Parameters')],
    ['spec.task.arguments', trans.__('Arguments')],
    ['spec.array.parameters', trans.__('Parameters')],
    ['spec.array.mode', trans.__('How the values go together')],
    ['gateway_id', trans.__('Gateway')],
    ['spec.placement.queue', trans.__('Queue')],
    ['spec.placement.account', trans.__('Account')],
    ['spec.placement.qos', trans.__('Quality of service')],
    ['spec.placement.reservation', trans.__('Reservation')],
    ['spec.placement.begin_at', trans.__('Begin at')],
    ['spec.placement.features', trans.__('Features')],
    ['spec.native', trans.__('Options of the batch system')],
    ['spec.resources.cores', trans.__('Cores')],
    ['spec.resources.memory_bytes', trans.__('Memory')],
    ['spec.resources.walltime_seconds', trans.__('Time limit')],
    ['spec.resources.gpus', trans.__('GPUs')],
    ['spec.array.max_running', trans.__('At most at once')],
    ['spec.array', trans.__('Tasks')],
    ['spec.resources.nodes', trans.__('Nodes')],
    ['spec.resources.processes', trans.__('Processes')],
    ['spec.resources.scratch_bytes', trans.__('Space on the node’s disk')],
    ['spec.depends_on', trans.__('After other jobs')],
    ['spec.environment.names', trans.__('Modules')],
    ['spec.environment.name', trans.__('Conda environment or image')],
    ['spec.environment.path', trans.__('Python')],
    ['spec.environment', trans.__('Environment')],
    ['spec.task.kernel_name', trans.__('Kernel')],
    ['spec.task.interpreter', trans.__('Interpreter')],
    ['spec.files.working_directory', trans.__('Working directory')],
    ['spec.files.outputs', trans.__('Outputs')],
    ['spec.files.stdout_path', trans.__('Output log')],
    ['spec.files.stderr_path', trans.__('Error log')],
    ['spec.task.output_path', trans.__('Output notebook')],
    ['spec.tags', trans.__('Tags')]
  ];
}

function pathText(kind: TaskKind | null, trans: TranslationBundle): string {
  switch (kind) {
    case 'notebook':
      return trans.__('Notebook');
    case 'script':
      return trans.__('Script');
    case 'command':
    case null:
      return trans.__('Notebook or script');
  }
}
