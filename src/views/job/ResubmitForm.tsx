import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Issue, JobRow } from '../../model/contract';
import type { FormIssue } from '../../model/draft';
import { offerOf } from '../../model/resubmission';
import type { ResubmitTexts } from '../../model/resubmission';
import { tallyOf } from '../../model/tasks';
import { TextField } from '../compose/Field';
import {
  collectIssues,
  concerns,
  fieldText,
  isBlocking
} from '../compose/fieldIssues';
import type { IFieldIssue } from '../compose/fieldIssues';
import { Notice } from '../jobs/Notices';
import { changedText } from '../text/actionText';
import { errorText, isBatchError } from '../text/errorText';
import { bytesText, isolated } from '../text/quantityText';
import { countText, durationText } from '../text/timeText';
import { Check } from '../Check';

/** What the dialog shows. Frozen: a change makes a new one. */
export interface IResubmitState {
  /** The job that is run once more. */
  readonly row: JobRow;
  readonly texts: ResubmitTexts;
  /** Of an array, so many tasks were chosen before, and no others run; else null. */
  readonly chosenCount: number | null;
  /** Of an array, run just the tasks that failed; null where that makes no difference. */
  readonly onlyFailed: boolean | null;
  readonly formIssues: readonly FormIssue[];
  /** What the server said of the last try. */
  readonly issues: readonly Issue[];
  /** Why the last try failed. */
  readonly error: Error | null;
  readonly isSubmitting: boolean;
  /** The job is no longer over: nothing can be submitted. */
  readonly hasChanged: boolean;
}

export interface IResubmitFormProps {
  state: IResubmitState;
  onChange: (changes: Partial<ResubmitTexts>) => void;
  onOnlyFailed: (onlyFailed: boolean) => void;
  trans: TranslationBundle;
}

/** The fields of the dialog, and all their paths in the submission. */
const FIELDS = [
  'spec.name',
  'spec.resources.cores',
  'spec.resources.memory_bytes',
  'spec.resources.walltime_seconds'
] as const;

/** What is to be different when a job is run once more. */
export function ResubmitForm(props: IResubmitFormProps): JSX.Element {
  const { state, trans } = props;
  if (state.hasChanged) {
    return <p role="status">{changedText(state.row, trans)}</p>;
  }
  const issues = collectIssues(state.formIssues, state.issues, trans);
  const others = issues.filter(issue => !isOfDialog(issue));
  const failure = failureText(state.error, others.length > 0, trans);
  return (
    <div className="jp-BatchJobs-resubmit jp-BatchJobs-form">
      <p>
        {trans.__(
          'Runs the copy of what this job ran, also if the original was changed since.'
        )}
      </p>
      <Fields {...props} issues={issues} />
      <OfferLine {...props} />
      <TasksChoice {...props} />
      {others.map(issue => (
        <Notice
          key={`${issue.field} ${issue.text}`}
          tone={issue.severity}
          text={trans.__(
            '%1: %2',
            fieldText(issue.field, null, trans),
            issue.text
          )}
        />
      ))}
      {failure && <Notice tone="error" text={failure} />}
    </div>
  );
}

function Fields(
  props: IResubmitFormProps & { issues: readonly IFieldIssue[] }
): JSX.Element {
  const { state, issues, onChange, trans } = props;
  const form = {
    issuesAt: (field: string) => issues.filter(issue => concerns(issue, field)),
    visit: () => undefined
  };
  const [name, cores, memory, walltime] = FIELDS;
  return (
    <>
      <TextField
        form={form}
        field={name}
        label={trans.__('Name')}
        autoFocus
        value={state.texts.name}
        onChange={value => onChange({ name: value })}
      />
      <div className="jp-BatchJobs-fields">
        <TextField
          form={form}
          field={cores}
          label={trans.__('Cores')}
          value={state.texts.cores}
          onChange={value => onChange({ cores: value })}
        />
        <TextField
          form={form}
          field={memory}
          label={trans.__('Memory')}
          value={state.texts.memory}
          onChange={value => onChange({ memory: value })}
        />
        <TextField
          form={form}
          field={walltime}
          label={trans.__('Time limit')}
          value={state.texts.walltime}
          onChange={value => onChange({ walltime: value })}
        />
      </div>
    </>
  );
}

/** What the job ran out of, and an offer to ask for more; taken only when it is pressed. */
function OfferLine(props: IResubmitFormProps): JSX.Element | null {
  const { state, trans } = props;
  const { row } = state;
  const offer = offerOf(row);
  if (!offer) {
    return null;
  }
  const why =
    offer.field === 'memory'
      ? trans.__(
          'Used %1 of %2 memory.',
          bytesText(row.memory_peak_bytes ?? 0),
          bytesText(row.memory_bytes)
        )
      : trans.__('Ran longer than %1.', durationText(row.walltime_seconds));
  return (
    <div className="jp-BatchJobs-offer">
      {why}{' '}
      <button
        type="button"
        className="jp-BatchJobs-link"
        onClick={() => props.onChange({ [offer.field]: offer.text })}
      >
        {trans.__('Try %1', isolated(offer.text))}
      </button>
    </div>
  );
}

/** Of an array: run all tasks once more, or just those that failed. */
function TasksChoice(props: IResubmitFormProps): JSX.Element | null {
  const { state, trans } = props;
  const { array } = state.row;
  if (state.chosenCount !== null) {
    return (
      <p>
        {trans._n(
          'Only the task that failed for this cause.',
          'Only the %2 tasks that failed for this cause.',
          state.chosenCount,
          countText(state.chosenCount)
        )}
      </p>
    );
  }
  if (state.onlyFailed === null || array === null) {
    return null;
  }
  const { failed, size } = tallyOf(array);
  return (
    <Check
      label={trans._n(
        'Only the task that failed, of %3',
        'Only the %2 tasks that failed, of %3',
        failed,
        countText(failed),
        countText(size)
      )}
      isChecked={state.onlyFailed}
      onChange={props.onOnlyFailed}
    />
  );
}

/** What the button that submits says, and what pressing it does. */
export function submitOf(
  state: IResubmitState,
  trans: TranslationBundle
): { label: string; anyway: boolean; blocking: string | null } {
  const issues = collectIssues(state.formIssues, state.issues, trans);
  const anyway =
    issues.length > 0 && issues.every(({ severity }) => severity === 'warning');
  const blocking = issues.find(issue => isOfDialog(issue) && isBlocking(issue));
  return {
    label: state.isSubmitting
      ? trans.__('Submitting…')
      : anyway
        ? trans.__('Submit anyway')
        : trans.__('Resubmit'),
    anyway,
    blocking: blocking?.field ?? null
  };
}

/** Whether an issue stands at a field of the dialog. */
function isOfDialog(issue: IFieldIssue): boolean {
  return FIELDS.some(field => concerns(issue, field));
}

/** Why the last try failed, unless the fields say so. */
function failureText(
  error: Error | null,
  isSaid: boolean,
  trans: TranslationBundle
): string {
  const problem = isBatchError(error) ? error.problem : null;
  if (problem?.code === 'key_reused') {
    return trans.__(
      'The first try did arrive, with what stood here then. Nothing more was submitted. Close this and look for the job in the list.'
    );
  }
  const isAtFields = isSaid || (problem !== null && problem.detail.length > 0);
  return error && !isAtFields ? errorText(error, trans) : '';
}
