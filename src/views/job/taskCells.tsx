import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { ArrayTask, JobRow } from '../../model/contract';
import { writePython } from '../../model/literal';
import type { TaskColumn } from '../../model/taskColumns';
import { PhaseIcon } from '../PhaseIcon';
import { DASH } from '../table/cells';
import { phaseText } from '../text/phaseText';
import { bytesText, usedText } from '../text/quantityText';
import { reasonText } from '../text/reasonText';
import {
  durationText,
  exactTimeText,
  momentText,
  secondsBetween
} from '../text/timeText';

/** What cells are made from, besides the task. */
export interface ITaskContext {
  /** The array. */
  row: JobRow;
  /** Milliseconds since the epoch. */
  now: number;
  trans: TranslationBundle;
}

/** The heading of a column. */
export function taskColumnText(
  column: TaskColumn,
  trans: TranslationBundle
): string {
  switch (column) {
    case 'index':
      return trans.__('Task');
    case 'phase':
      return trans.__('Phase');
    case 'parameters':
      return trans.__('Parameters');
    case 'exit_code':
      return trans.__('Exit code');
    case 'started':
      return trans.__('Started');
    case 'elapsed':
      return trans.__('Elapsed');
    case 'memory':
      return trans.__('Memory');
    case 'why':
      return trans.__('Why');
  }
}

/** Tell whether a column holds numbers, which stand at its right. */
export function isTaskNumber(column: TaskColumn): boolean {
  return ['index', 'exit_code', 'elapsed', 'memory'].includes(column);
}

/** What stands in one cell. */
export function TaskCell(props: {
  column: TaskColumn;
  task: ArrayTask;
  context: ITaskContext;
  onOpen: (index: number) => void;
}): JSX.Element {
  const { column, task, context } = props;
  const text = taskCellText(column, task, context);
  switch (column) {
    case 'index':
      return (
        <span
          className="jp-BatchJobs-tableName"
          title={context.trans.__('Open log of task %1', text)}
          onClick={() => props.onOpen(task.index)}
        >
          {text}
        </span>
      );
    case 'phase':
      return (
        <>
          <PhaseIcon
            row={{ phase: task.phase, substate: null }}
            trans={context.trans}
          />
          {text}
        </>
      );
    default:
      return <>{text}</>;
  }
}

/** What a cell says more exactly when it is asked; undefined if it says all. */
export function taskCellTitle(
  column: TaskColumn,
  { started_at }: ArrayTask
): string | undefined {
  return column === 'started' && started_at !== null
    ? exactTimeText(started_at)
    : undefined;
}

/** What stands in one cell, as text; a dash where nothing is known. */
function taskCellText(
  column: TaskColumn,
  task: ArrayTask,
  { row, now, trans }: ITaskContext
): string {
  const { usage, started_at } = task;
  switch (column) {
    case 'index':
      return String(task.index);
    case 'phase':
      return phaseText(task.phase, trans);
    case 'parameters':
      return parametersText(task) || DASH;
    case 'exit_code':
      return String(task.exit_code ?? DASH);
    case 'started':
      return started_at === null ? DASH : momentText(started_at, now);
    case 'elapsed': {
      const seconds =
        usage.elapsed_seconds ??
        secondsBetween(
          started_at,
          task.phase === 'EXECUTING' ? now : task.ended_at
        );
      return seconds === null ? DASH : durationText(seconds);
    }
    case 'memory':
      return usage.memory_peak_bytes === null
        ? DASH
        : usedText(bytesText(usage.memory_peak_bytes), usage, trans);
    case 'why':
      return task.phase === 'COMPLETED' ? '' : whyText(task, row, trans);
  }
}

/** What varies from task to task. */
function parametersText({ parameters }: ArrayTask): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name}=${writePython(value)}`)
    .join(', ');
}

/** Why a task is where it is; what it was allowed is said of the whole array. */
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
