import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { ColumnId } from '../../model/columns';
import type { JobRow } from '../../model/contract';
import { groupOf } from '../../model/phase';
import { formatMemoryOf } from '../../model/quantity';
import { writeTags } from '../../model/tags';
import { overOf, tallyOf } from '../../model/tasks';
import { progressText } from '../jobs/rowText';
import { PhaseIcon } from '../PhaseIcon';
import { stateText } from '../text/phaseText';
import { bytesText, isolated } from '../text/quantityText';
import { reasonText } from '../text/reasonText';
import {
  countText,
  durationText,
  exactTimeText,
  momentText,
  secondsBetween
} from '../text/timeText';

/** Stands where nothing is known. */
export const DASH = '–';

/** What cells are made from, besides the job. */
export interface ICellContext {
  /** Titles of gateways by id. */
  gatewayTitles: ReadonlyMap<string, string>;
  /** Milliseconds since the epoch. */
  now: number;
  trans: TranslationBundle;
}

/** The heading of a column. */
export function columnText(column: ColumnId, trans: TranslationBundle): string {
  switch (column) {
    case 'phase':
      return trans.__('Phase');
    case 'name':
      return trans.__('Name');
    case 'gateway':
      return trans.__('Gateway');
    case 'queue':
      return trans.__('Queue');
    case 'submitted':
      return trans.__('Submitted');
    case 'started':
      return trans.__('Started');
    case 'ended':
      return trans.__('Ended');
    case 'elapsed':
      return trans.__('Elapsed');
    case 'limit':
      return trans.__('of limit');
    case 'cores':
      return trans.__('Cores');
    case 'memory':
      return trans.__('Memory');
    case 'tasks':
      return trans.__('Tasks');
    case 'tags':
      return trans.__('Tags');
    case 'native_id':
      return trans.__('Batch id');
    case 'why':
      return trans.__('Why');
  }
}

/** Tell whether a column holds numbers, which stand at its right. */
export function isNumeric(column: ColumnId): boolean {
  return ['elapsed', 'cores', 'memory', 'tasks'].includes(column);
}

/** What stands in one cell. */
export function Cell(props: {
  column: ColumnId;
  row: JobRow;
  context: ICellContext;
  onOpen: (row: JobRow) => void;
}): JSX.Element {
  const { column, row, context } = props;
  const { trans } = context;
  switch (column) {
    case 'phase':
      return (
        <>
          <PhaseIcon row={row} trans={trans} />
          {stateText(row, trans)}
        </>
      );
    case 'name':
      return (
        <span
          className="jp-BatchJobs-tableName"
          title={row.name}
          onClick={() => props.onOpen(row)}
        >
          {row.name}
        </span>
      );
    case 'limit':
      return <LimitBar row={row} context={context} />;
    default:
      return <>{cellText(column, row, context)}</>;
  }
}

/** What stands in one cell, as text. */
export function cellText(
  column: ColumnId,
  row: JobRow,
  { gatewayTitles, now, trans }: ICellContext
): string {
  switch (column) {
    case 'phase':
      return stateText(row, trans);
    case 'name':
      return row.name;
    case 'gateway':
      return gatewayTitles.get(row.gateway_id) ?? row.gateway_id;
    case 'queue':
      return row.queue ?? DASH;
    case 'submitted':
    case 'started':
    case 'ended': {
      const time = timeOf(column, row);
      return time === null ? DASH : momentText(time, now);
    }
    case 'elapsed': {
      const seconds = elapsedOf(row, now);
      return seconds === null ? DASH : durationText(seconds);
    }
    case 'limit': {
      const part = partOfLimit(row, now);
      return part === null ? '' : trans.__('%1 %', Math.round(part * 100));
    }
    case 'cores':
      return countText(row.cores);
    case 'memory':
      return row.memory_peak_bytes === null
        ? bytesText(row.memory_bytes)
        : isolated(formatMemoryOf(row.memory_peak_bytes, row.memory_bytes));
    case 'tasks':
      return tasksText(row, trans);
    case 'tags':
      return writeTags(row.tags) || DASH;
    case 'native_id':
      return row.native_id ?? DASH;
    case 'why':
      return whyText(row, trans);
  }
}

function timeOf(
  column: 'submitted' | 'started' | 'ended',
  row: JobRow
): string | null {
  const { submitted_at, started_at, ended_at } = row;
  return { submitted: submitted_at, started: started_at, ended: ended_at }[
    column
  ];
}

/** What a cell says more exactly when it is asked; undefined if it says all. */
export function cellTitle(column: ColumnId, row: JobRow): string | undefined {
  if (column === 'memory' && row.memory_peak_bytes !== null) {
    return `${bytesText(row.memory_peak_bytes)} / ${bytesText(row.memory_bytes)}`;
  }
  if (column !== 'submitted' && column !== 'started' && column !== 'ended') {
    return undefined;
  }
  const time = timeOf(column, row);
  return time === null ? undefined : exactTimeText(time);
}

function elapsedOf(row: JobRow, now: number): number | null {
  return secondsBetween(
    row.started_at,
    groupOf(row) === 'running' ? now : row.ended_at
  );
}

/** How much of its time a running job has used; null of any other, and of an array. */
function partOfLimit(row: JobRow, now: number): number | null {
  const elapsed = elapsedOf(row, now);
  return row.phase !== 'EXECUTING' || row.array || elapsed === null
    ? null
    : Math.min(1, elapsed / row.walltime_seconds);
}

function LimitBar(props: {
  row: JobRow;
  context: ICellContext;
}): JSX.Element | null {
  const { row, context } = props;
  const part = partOfLimit(row, context.now);
  if (part === null) {
    return null;
  }
  const words = context.trans.__(
    '%1 of %2',
    durationText(part * row.walltime_seconds),
    durationText(row.walltime_seconds)
  );
  return (
    <div
      role="img"
      aria-label={words}
      title={words}
      className="jp-BatchJobs-bar"
    >
      <div style={{ width: `${part * 100}%` }} />
    </div>
  );
}

function tasksText(row: JobRow, trans: TranslationBundle): string {
  if (row.array) {
    const tally = tallyOf(row.array);
    return `${countText(overOf(tally))} / ${countText(tally.size)}`;
  }
  return progressText(row, trans) || DASH;
}

/** Why a job is where it is, or what it left. */
function whyText(row: JobRow, trans: TranslationBundle): string {
  const failed = row.array ? tallyOf(row.array).failed : 0;
  const reason = row.phase === 'COMPLETED' ? '' : reasonText(row, trans);
  if (reason) {
    return reason;
  }
  if (failed > 0) {
    return trans.__('%1 failed', countText(failed));
  }
  return row.outputs_count > 0
    ? trans._n(
        '%2 output',
        '%2 outputs',
        row.outputs_count,
        countText(row.outputs_count)
      )
    : '';
}
