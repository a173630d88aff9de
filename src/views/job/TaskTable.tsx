import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { ArrayTask, Job, JobRow } from '../../model/contract';
import type { Orders } from '../../model/orders';
import { ALL_TASKS, taskColumns } from '../../model/taskColumns';
import type { TaskChoice } from '../../model/taskColumns';
import { fitsTask, isTaskAction } from '../../model/taskOrders';
import type { ITaskTable } from '../../stores/taskTable';
import { Notice } from '../jobs/Notices';
import { SelectionBar } from '../jobs/SelectionBar';
import type { IListSelection, ISelectionActions } from '../jobs/SelectionBar';
import { PhaseCounts } from '../table/PhaseCounts';
import { focusGrid } from '../table/WindowedGrid';
import { errorText } from '../text/errorText';
import { TaskGrid } from './TaskGrid';
import type { ITaskGridProps } from './TaskGrid';

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
  selection: IListSelection;
  /** The selected ones, each as it is now. */
  selected: readonly ArrayTask[];
  selecting: ITaskSelecting;
  /** What the gateway can do. */
  can: Orders;
  trans: TranslationBundle;
}

/** How tasks are selected, and what is done to them. */
export interface ITaskSelecting
  extends
    Pick<ITaskGridProps, 'onToggle' | 'onExtend' | 'onSelectAll' | 'onClear'>,
    Pick<ISelectionActions<ArrayTask>, 'clear' | 'run'> {}

/** All tasks of an array as a table: chosen by phase, sorted, each the way to its log. */
export function TaskTable(props: ITaskTableProps): JSX.Element {
  const { row, table, now, trans } = props;
  const { choice, total, error } = table;
  const hasParameters = props.job?.spec.array?.kind === 'parameters';
  const columns = React.useMemo(
    () => taskColumns(hasParameters),
    [hasParameters]
  );
  const root = React.useRef<HTMLDivElement>(null);
  const onHide = React.useRef(props.onHide);
  React.useEffect(() => onHide.current, []);
  return (
    <div ref={root} className="jp-BatchJobs-taskTable">
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
        selected={props.selection.ids}
        onToggle={props.selecting.onToggle}
        onExtend={props.selecting.onExtend}
        onSelectAll={props.selecting.onSelectAll}
        onClear={props.selecting.onClear}
      />
      <SelectionBar
        selected={props.selected}
        label={trans.__('Selected tasks')}
        selection={props.selection}
        actions={props.selecting}
        fits={(action, task) =>
          isTaskAction(action) && fitsTask(action, task, row, props.can)
        }
        onLeave={() => focusGrid(root.current)}
        trans={trans}
      />
    </div>
  );
}
