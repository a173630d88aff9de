import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { arraySize, parseIndices } from '../../model/array';
import type { Gateway, JobArray } from '../../model/contract';
import type { TaskKind } from '../../model/form';
import { taskCountText } from '../text/tasksText';
import { countText } from '../text/timeText';
import { TextField } from './Field';
import type { IFormHandle } from './formHandle';

/** Many tasks instead of one: which, and how many at once. */
export function ArraySection(props: {
  form: IFormHandle;
  gateway: Gateway | undefined;
}): JSX.Element | null {
  const { form } = props;
  const { content, tasks, trans } = form;
  const most = props.gateway?.limits.max_array_size ?? null;
  const isAsked = content.array !== '' || content.other_array !== null;
  if (most === null && !isAsked) {
    return null;
  }
  // Where parameters vary, how many run at once is said below these.
  const hasLimit = !tasks.isVaried;
  return (
    <details className="jp-BatchJobs-fold">
      <summary>
        {trans.__('Many tasks')} <span>{summaryText(form)}</span>
      </summary>
      <div className="jp-BatchJobs-fields">
        {content.other_array ? (
          <OtherArray form={form} array={content.other_array} />
        ) : (
          <IndicesField form={form} most={most} />
        )}
        {hasLimit && (
          <TextField
            form={form}
            field="spec.array.max_running"
            label={trans.__('At most at once')}
            placeholder={trans.__('as many as fit')}
            value={content.max_running}
            onChange={max_running => form.change({ max_running })}
          />
        )}
      </div>
      <p className="jp-BatchJobs-hint">{indexText(content.kind, trans)}</p>
    </details>
  );
}

function IndicesField(props: {
  form: IFormHandle;
  most: number | null;
}): JSX.Element {
  const { form, most } = props;
  const { content, trans } = form;
  const array = parseIndices(content.array);
  const limit =
    most === null ? '' : trans.__('At most %1 tasks.', countText(most));
  const how = array
    ? trans.__(
        '%1: %2.',
        content.array.trim(),
        taskCountText(arraySize(array), trans)
      )
    : trans.__(
        'The last one is included; a step follows a colon: 0..90:10. Empty: a single job.'
      );
  // What is said of the number of tasks at once stands beside that.
  const own: IFormHandle = {
    ...form,
    issuesAt: field =>
      form
        .issuesAt(field)
        .filter(issue => issue.field !== 'spec.array.max_running')
  };
  return (
    <TextField
      form={own}
      field={form.tasks.isVaried ? 'spec.array.indices' : 'spec.array'}
      label={trans.__('Indices of the tasks')}
      placeholder="0..99"
      isCode
      value={content.array}
      hint={[how, limit].filter(Boolean).join(' ')}
      onChange={text => form.change({ array: text })}
    />
  );
}

/** An array that came with a job and that the form cannot change, only take away. */
function OtherArray(props: {
  form: IFormHandle;
  array: JobArray;
}): JSX.Element {
  const { form, array } = props;
  const { trans } = form;
  const tasks = taskCountText(arraySize(array), trans);
  return (
    <div className="jp-BatchJobs-field" data-field="spec.array" tabIndex={-1}>
      <p>
        {array.kind === 'parameters'
          ? trans.__(
              '%1 that vary %2, as in the job before.',
              tasks,
              Object.keys(array.parameters).join(', ')
            )
          : trans.__('%1, as in the job before.', tasks)}
      </p>
      <button
        type="button"
        className="jp-BatchJobs-link"
        onClick={() => form.change({ other_array: null, array: '' })}
      >
        {trans.__('Choose other tasks')}
      </button>
    </div>
  );
}

/** What the folded section says: how many tasks, and how many at once. */
function summaryText({ content, tasks, trans }: IFormHandle): string {
  if (tasks.count === null) {
    return content.array.trim() === ''
      ? trans.__('a single job')
      : content.array.slice(0, 100);
  }
  const count = taskCountText(tasks.count, trans);
  const most = content.max_running.trim();
  return most === '' ? count : trans.__('%1, at most %2 at once', count, most);
}

/** How a task learns which one it is. */
function indexText(kind: TaskKind, trans: TranslationBundle): string {
  switch (kind) {
    case 'command':
      return trans.__(
        'A task finds its index in the variable BATCH_TASK_INDEX; {index} in the command stands for it.'
      );
    case 'script':
      return trans.__(
        'A task finds its index in the variable BATCH_TASK_INDEX; {index} in the arguments stands for it.'
      );
    case 'notebook':
      return trans.__(
        'A task finds its index in the variable BATCH_TASK_INDEX; {index} in the name of the output notebook stands for it.'
      );
  }
}
