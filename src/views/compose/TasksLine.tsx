import * as React from 'react';

import { taskCountText } from '../text/tasksText';
import { FieldIssues, toneOf, useFieldIssues } from './Field';
import type { IFormHandle } from './formHandle';

/** How many tasks the parameters make, how they go together, and how many run at a time. */
export function TasksLine(props: { form: IFormHandle }): JSX.Element | null {
  const { form } = props;
  const { content, tasks, trans } = form;
  const { id, issues, control } = useFieldIssues(form, 'spec.array');
  const most = useFieldIssues(form, 'spec.array.max_running');
  if (!tasks.isVaried) {
    return null;
  }
  const varying = tasks.cells.filter(
    ({ reading }) => reading.kind === 'values'
  );
  return (
    <div
      className={`jp-BatchJobs-spreadLine ${toneOf(issues)}`}
      data-field="spec.array"
      tabIndex={-1}
      aria-describedby={control['aria-describedby']}
    >
      <strong>
        {tasks.count === null ? '–' : taskCountText(tasks.count, trans)}
      </strong>
      {varying.length > 1 && <ModeSelect form={form} />}
      <label>
        {trans.__('At most at once')}{' '}
        <input
          {...most.control}
          aria-describedby={control['aria-describedby']}
          type="text"
          className="jp-mod-styled"
          placeholder={trans.__('all')}
          value={content.max_running}
          autoComplete="off"
          onChange={event => form.change({ max_running: event.target.value })}
        />
      </label>
      <div className="jp-BatchJobs-tasksIssues">
        <FieldIssues id={id} issues={issues} />
      </div>
    </div>
  );
}

/** Whether tasks are all combinations of the values, or the first of each, the second, and so on. */
function ModeSelect(props: { form: IFormHandle }): JSX.Element {
  const { content, change, trans } = props.form;
  return (
    <div className="jp-select-wrapper">
      <select
        className="jp-mod-styled"
        data-field="spec.array.mode"
        aria-label={trans.__('How the values go together')}
        value={content.mode}
        onChange={event =>
          change({ mode: event.target.value === 'zip' ? 'zip' : 'product' })
        }
      >
        <option value="product">{trans.__('Each combination')}</option>
        <option value="zip">{trans.__('Side by side')}</option>
      </select>
    </div>
  );
}
