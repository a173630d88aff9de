import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { ArrayTask, JobRow } from '../../model/contract';
import { writePython } from '../../model/literal';
import { TASKS_WINDOW } from '../../model/tasks';
import type { ITasksSnapshot } from '../../stores/tasks';
import { Notice } from '../jobs/Notices';
import { errorText } from '../text/errorText';
import { reasonText } from '../text/reasonText';
import { Pages } from './Pages';

export interface IFailedTasksProps {
  row: JobRow;
  failed: ITasksSnapshot;
  /** Show the window behind so many failed tasks. */
  onGoTo: (offset: number) => void;
  /** Show the log of a task. */
  onOpenLog: (index: number) => void;
  onRetry: () => void;
  trans: TranslationBundle;
}

/** The tasks of an array that failed, each with why; at most a window of them. */
export function FailedTasks(props: IFailedTasksProps): JSX.Element | null {
  const { failed, trans } = props;
  if (failed.total === 0 && !failed.error) {
    return null;
  }
  return (
    <section className="jp-BatchJobs-failedTasks">
      <h3>{trans.__('Tasks that failed')}</h3>
      {failed.error && (
        <Notice
          tone="error"
          text={errorText(failed.error, trans)}
          action={{ label: trans.__('Retry'), run: props.onRetry }}
        />
      )}
      {failed.tasks.length > 0 && (
        <div className="jp-BatchJobs-tasksTable">
          <TasksTable {...props} />
        </div>
      )}
      <Pages
        offset={failed.offset}
        shown={failed.tasks.length}
        total={failed.total}
        window={TASKS_WINDOW}
        onGoTo={props.onGoTo}
        trans={trans}
      />
    </section>
  );
}

function TasksTable(props: IFailedTasksProps): JSX.Element {
  const { failed, row, trans } = props;
  return (
    <table aria-label={trans.__('Tasks that failed')}>
      <thead>
        <tr>
          <th scope="col">{trans.__('Task')}</th>
          <th scope="col">{trans.__('Why')}</th>
          <th scope="col">{trans.__('Exit code')}</th>
          <th scope="col">{trans.__('Log')}</th>
        </tr>
      </thead>
      <tbody>
        {failed.tasks.map(task => (
          <tr key={task.index}>
            <th scope="row">
              {task.index}
              <TaskParameters task={task} />
            </th>
            <td>{whyText(task, row, trans)}</td>
            <td>{task.exit_code ?? '–'}</td>
            <td>
              <button
                type="button"
                className="jp-BatchJobs-link"
                aria-label={trans.__('Open log of task %1', task.index)}
                onClick={() => props.onOpenLog(task.index)}
              >
                {trans.__('Open log')}
              </button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What varies from task to task. */
function TaskParameters(props: { task: ArrayTask }): JSX.Element | null {
  const entries = Object.entries(props.task.parameters);
  return entries.length === 0 ? null : (
    <span className="jp-BatchJobs-hint jp-mod-code">
      {entries
        .map(([name, value]) => `${name}=${writePython(value)}`)
        .join(', ')}
    </span>
  );
}

/** Why a task failed; what it was allowed is said of the whole array. */
function whyText(
  task: ArrayTask,
  row: JobRow,
  trans: TranslationBundle
): string {
  return reasonText(
    {
      reason: task.reason,
      reason_text: task.reason_text,
      memory_bytes: row.memory_bytes,
      memory_peak_bytes: task.usage.memory_peak_bytes,
      walltime_seconds: row.walltime_seconds
    },
    trans
  );
}
