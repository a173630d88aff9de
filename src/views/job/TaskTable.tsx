import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { ArrayTask, Job, JobRow } from '../../model/contract';
import { ALL_TASKS, taskColumns } from '../../model/taskColumns';
import type { TaskChoice } from '../../model/taskColumns';
import type { ITaskTable } from '../../stores/taskTable';
import { Notice } from '../jobs/Notices';
import { PhaseCounts } from '../table/PhaseCounts';
import { errorText } from '../text/errorText';
import { TaskGrid } from './TaskGrid';

export interface ITaskTableProps {
  row: JobRow;
  /** The details; null before they are known. */
  job: Job | null;
  table: ITaskTable;
  taskAt: (place: number) => ArrayTask | undefined;
  /** The task whose log is shown. */
  opened: number | null;
  /** Milliseconds since the epoch. */
  now: number;
  /** These places are in sight. */
  onShow: (first: number, last: number) => void;
  /** No place is in sight any more. */
  onHide: () => void;
  onChoose: (choice: TaskChoice) => void;
  /** Show the log of a task. */
  onOpenLog: (index: number) => void;
  onRetry: () => void;
  trans: TranslationBundle;
}

/** All tasks of an array as a table: chosen by phase, sorted, each the way to its log. */
export function TaskTable(props: ITaskTableProps): JSX.Element {
  const { row, table, now, trans } = props;
  const { choice, total, error } = table;
  const hasParameters = props.job?.spec.array?.kind === 'parameters';
  const columns = React.useMemo(
    () => taskColumns(hasParameters),
    [hasParameters]
  );
  const onHide = React.useRef(props.onHide);
  React.useEffect(() => onHide.current, []);
  return (
    <div className="jp-BatchJobs-taskTable">
      <PhaseCounts
        counts={row.array?.by_phase ?? {}}
        chosen={choice.phases}
        onChoose={phases => props.onChoose({ ...choice, phases })}
        trans={trans}
      />
      {error && (
        <Notice
          tone="error"
          text={errorText(error, trans)}
          action={{ label: trans.__('Retry'), run: props.onRetry }}
        />
      )}
      {total === 0 && !table.isLoading && (
        <p>
          {trans.__('No task is in this phase.')}{' '}
          <button
            type="button"
            className="jp-BatchJobs-link"
            onClick={() =>
              props.onChoose({ ...choice, phases: ALL_TASKS.phases })
            }
          >
            {trans.__('Show all tasks')}
          </button>
        </p>
      )}
      <TaskGrid
        taskAt={props.taskAt}
        total={total ?? 0}
        columns={columns}
        choice={choice}
        isBusy={table.isLoading}
        opened={props.opened}
        context={{ row, now, trans }}
        onShow={props.onShow}
        onChoose={props.onChoose}
        onOpen={props.onOpenLog}
      />
    </div>
  );
}
