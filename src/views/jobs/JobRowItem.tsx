import type { TranslationBundle } from '@jupyterlab/translation';
import { checkIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { JobRow } from '../../model/contract';
import { canAct } from '../../model/orders';
import type { Act, Orders } from '../../model/orders';
import { canCancel, canGiveUp, isOver } from '../../model/phase';
import { TasksBar } from '../job/TasksBar';
import { PhaseIcon } from '../PhaseIcon';
import { stateText } from '../text/phaseText';
import { tasksParts } from '../text/tasksText';
import { exactTimeText } from '../text/timeText';
import type { IJobActions } from './jobActions';
import { MiddleCut } from './MiddleCut';
import { RowActions } from './RowActions';
import { headText, movingTasks, secondLine } from './rowText';

export interface IJobRowItemProps {
  row: JobRow;
  gatewayTitle: string | null;
  /** What its gateway can do to it. */
  can: Orders;
  now: number;
  /** This row takes the focus when the tab key leads into the list. */
  isStop: boolean;
  isSelected: boolean;
  /** Select the job, or no longer. */
  onSelect: (id: string) => void;
  /** Select as far as the job. */
  onExtend: (id: string) => void;
  actions: IJobActions;
  trans: TranslationBundle;
}

/** One job in two lines: what, and why or where or how long. */
export function JobRowItem(props: IJobRowItemProps): JSX.Element {
  const { row, actions, trans } = props;
  const line = secondLine(row, props);
  const head = headText(row, trans);
  const tally = movingTasks(row);
  return (
    <div
      role="row"
      className={`${rowClass(row, props.can)} ${props.isSelected ? 'jp-mod-selected' : ''}`}
      aria-selected={props.isSelected}
      tabIndex={props.isStop ? 0 : -1}
      data-stop={`job:${row.id}`}
      data-job-id={row.id}
      aria-label={rowLabel(row, line.text, trans)}
      onMouseDown={event => {
        if (event.shiftKey) {
          // Else the text between would be marked.
          event.preventDefault();
        }
      }}
      onClick={event => clickRow(event, props)}
    >
      <PhaseIcon row={row} trans={trans} />
      {props.isSelected && (
        <checkIcon.react
          tag="span"
          className="jp-BatchJobs-rowCheck"
          aria-hidden="true"
        />
      )}
      <div role="gridcell" className="jp-BatchJobs-rowText">
        <div className="jp-BatchJobs-rowHead">
          <MiddleCut text={row.name} />
          <span className="jp-BatchJobs-rowState" title={head}>
            {head}
          </span>
        </div>
        {tally && <TasksBar tally={tally} />}
        <div
          className="jp-BatchJobs-rowLine"
          title={timesTitle(row, line.text, trans)}
        >
          {line.pressing && (
            <span className="jp-BatchJobs-pressing">{line.pressing}</span>
          )}
          {line.text.slice(line.pressing.length)}
        </div>
      </div>
      <RowActions row={row} actions={actions} trans={trans} />
    </div>
  );
}

/** All that the row says, for those who do not see it. */
function rowLabel(row: JobRow, line: string, trans: TranslationBundle): string {
  const tally = movingTasks(row);
  const done = tally ? [tasksParts(tally, trans)[0]] : [];
  return [row.name, stateText(row, trans), ...done, line].join(', ');
}

/** Open a job, or select it as in any list of JupyterLab. */
function clickRow(event: React.MouseEvent, props: IJobRowItemProps): void {
  const { row } = props;
  if (event.shiftKey) {
    props.onExtend(row.id);
  } else if (event.ctrlKey || event.metaKey) {
    props.onSelect(row.id);
  } else {
    props.actions.open(row);
  }
}

const ACT_CLASSES: readonly (readonly [Act, string])[] = [
  ['hold', 'jp-mod-canHold'],
  ['release', 'jp-mod-canRelease'],
  ['suspend', 'jp-mod-canSuspend'],
  ['resume', 'jp-mod-canResume'],
  ['requeue', 'jp-mod-canRequeue'],
  ['change', 'jp-mod-canChange'],
  ['signal', 'jp-mod-canSignal']
];

/** The row's classes, by which its context menu is chosen. */
export function rowClass(row: JobRow, can: Orders): string {
  return [
    'jp-BatchJobs-row',
    row.outputs_count > 0 ? 'jp-mod-hasOutput' : '',
    ...ACT_CLASSES.map(([act, name]) => (canAct(act, row, can) ? name : '')),
    canCancel(row) ? 'jp-mod-canCancel' : '',
    canGiveUp(row) ? 'jp-mod-canGiveUp' : '',
    isOver(row) ? 'jp-mod-isOver' : ''
  ]
    .filter(Boolean)
    .join(' ');
}

/** The exact times behind the second line. */
function timesTitle(
  row: JobRow,
  text: string,
  trans: TranslationBundle
): string {
  const lines = [text];
  if (row.submitted_at !== null) {
    lines.push(trans.__('Submitted %1', exactTimeText(row.submitted_at)));
  }
  if (row.started_at !== null) {
    lines.push(trans.__('Started %1', exactTimeText(row.started_at)));
  }
  if (row.ended_at !== null) {
    lines.push(trans.__('Ended %1', exactTimeText(row.ended_at)));
  }
  return lines.join('\n');
}
