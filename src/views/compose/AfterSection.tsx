import type { TranslationBundle } from '@jupyterlab/translation';
import { closeIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { Dependency, Gateway, JobRow } from '../../model/contract';
import { SEPARATOR } from '../jobs/rowText';
import { stateText } from '../text/phaseText';
import { whenText } from '../text/tasksText';
import { countText } from '../text/timeText';
import { FieldIssues, toneOf, useFieldIssues } from './Field';
import type { IFormHandle } from './formHandle';

/** A job that another can wait for. */
export type JobChoice = Readonly<
  Pick<JobRow, 'id' | 'name' | 'phase' | 'substate'>
>;

const FIELD = 'spec.depends_on';
const ENDS = ['succeeded', 'finished', 'failed'] as const;

/** The jobs that this one waits for, and for which end of theirs. */
export function AfterSection(props: {
  form: IFormHandle;
  gateway: Gateway | undefined;
  /** Jobs on the same gateway. */
  choices: readonly JobChoice[];
}): JSX.Element | null {
  const { form, gateway, choices } = props;
  const { content, trans } = form;
  const { depends_on } = content;
  if (!gateway?.capabilities.dependencies && depends_on.length === 0) {
    return null;
  }
  const set = (changed: readonly Dependency[]): void =>
    form.change({ depends_on: changed });
  return (
    <details className="jp-BatchJobs-fold">
      <summary>
        {trans.__('After other jobs')}{' '}
        <span>{summaryText(depends_on.length, trans)}</span>
      </summary>
      {depends_on.map((dependency, at) => (
        <DependencyRow
          // The same job can stand here twice while it is chosen.
          key={at}
          form={form}
          number={at}
          dependency={dependency}
          choices={choices}
          onChange={changed =>
            set(
              depends_on.map((other, place) => (place === at ? changed : other))
            )
          }
          onRemove={() => set(depends_on.filter((_, place) => place !== at))}
        />
      ))}
      <AddJob
        form={form}
        choices={choices}
        onAdd={job_id => set([...depends_on, { job_id, when: 'succeeded' }])}
      />
    </details>
  );
}

function summaryText(count: number, trans: TranslationBundle): string {
  return count === 0
    ? trans.__('starts as soon as there is room')
    : trans._n(
        'waits for %2 job',
        'waits for %2 jobs',
        count,
        countText(count)
      );
}

/** Begin with the newest job; which one it is to be is chosen in its row. */
function AddJob(props: {
  form: IFormHandle;
  choices: readonly JobChoice[];
  onAdd: (id: string) => void;
}): JSX.Element {
  const { form, choices } = props;
  const { trans } = form;
  const { id, issues, control } = useFieldIssues(form, FIELD);
  // What is said of one of the jobs stands in its row.
  const own = issues.filter(issue => issue.field === FIELD);
  return (
    <div className={toneOf(own)}>
      {choices.length > 0 ? (
        <button
          {...control}
          aria-invalid={undefined}
          type="button"
          className="jp-BatchJobs-link"
          onClick={() => props.onAdd(choices[0].id)}
        >
          {trans.__('Add job')}
        </button>
      ) : (
        <p className="jp-BatchJobs-hint">
          {trans.__('There is no job on this gateway yet.')}
        </p>
      )}
      <FieldIssues id={id} issues={own} />
    </div>
  );
}

interface IDependencyProps {
  form: IFormHandle;
  number: number;
  dependency: Dependency;
  choices: readonly JobChoice[];
  onChange: (dependency: Dependency) => void;
  onRemove: () => void;
}

function DependencyRow(props: IDependencyProps): JSX.Element {
  const { form, number, dependency } = props;
  const { trans } = form;
  const { id, issues, control } = useFieldIssues(form, `${FIELD}[${number}]`);
  return (
    <div className={`jp-BatchJobs-dependency ${toneOf(issues)}`}>
      <div className="jp-select-wrapper">
        <select
          {...control}
          className="jp-mod-styled"
          aria-label={trans.__('Job to wait for, %1', number + 1)}
          value={dependency.job_id}
          onChange={event =>
            props.onChange({ ...dependency, job_id: event.target.value })
          }
        >
          <JobOptions {...props} />
        </select>
      </div>
      <WhenSelect {...props} />
      <button
        type="button"
        className="jp-BatchJobs-rowButton"
        aria-label={trans.__('Remove job %1', number + 1)}
        title={trans.__('Remove job %1', number + 1)}
        onClick={props.onRemove}
      >
        <closeIcon.react tag="span" />
      </button>
      <FieldIssues id={id} issues={issues} />
    </div>
  );
}

/** The known jobs; one that is not known here stands there by its id. */
function JobOptions(props: IDependencyProps): JSX.Element {
  const { choices, dependency, form } = props;
  const isKnown = choices.some(({ id }) => id === dependency.job_id);
  return (
    <>
      {!isKnown && (
        <option value={dependency.job_id}>{dependency.job_id}</option>
      )}
      {choices.map(choice => (
        <option key={choice.id} value={choice.id}>
          {[choice.name, stateText(choice, form.trans)].join(SEPARATOR)}
        </option>
      ))}
    </>
  );
}

function WhenSelect(props: IDependencyProps): JSX.Element {
  const { dependency, number, form } = props;
  const { trans } = form;
  return (
    <div className="jp-select-wrapper">
      <select
        className="jp-mod-styled"
        aria-label={trans.__('When job %1', number + 1)}
        value={dependency.when}
        onChange={event => {
          const when = ENDS.find(end => end === event.target.value);
          if (when) {
            props.onChange({ ...dependency, when });
          }
        }}
      >
        {ENDS.map(when => (
          <option key={when} value={when}>
            {whenText(when, trans)}
          </option>
        ))}
      </select>
    </div>
  );
}
