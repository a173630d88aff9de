import type { ColumnId } from './columns';
import type { JobRow } from './contract';
import { PHASE_WORDS } from './query';
import { writeTags } from './tags';
import { tallyOf } from './tasks';

/** A heading, as the contract calls it, and what stands below it of each job. */
type CsvColumn = readonly [string, (row: JobRow) => string | number | null];

const elapsed = ({ started_at, ended_at }: JobRow): number | null =>
  started_at === null || ended_at === null
    ? null
    : (Date.parse(ended_at) - Date.parse(started_at)) / 1000;

const CSV_COLUMNS: Readonly<Record<ColumnId, readonly CsvColumn[]>> = {
  phase: [['phase', row => PHASE_WORDS[row.phase]]],
  name: [['name', row => row.name]],
  gateway: [['gateway_id', row => row.gateway_id]],
  queue: [['queue', row => row.queue]],
  submitted: [['submitted_at', row => row.submitted_at]],
  started: [['started_at', row => row.started_at]],
  ended: [['ended_at', row => row.ended_at]],
  elapsed: [['elapsed_seconds', elapsed]],
  limit: [['walltime_seconds', row => row.walltime_seconds]],
  cores: [['cores', row => row.cores]],
  memory: [
    ['memory_bytes', row => row.memory_bytes],
    ['memory_peak_bytes', row => row.memory_peak_bytes]
  ],
  tasks: [
    ['tasks', row => row.array && tallyOf(row.array).size],
    ['tasks_completed', row => row.array && tallyOf(row.array).completed],
    ['tasks_failed', row => row.array && tallyOf(row.array).failed]
  ],
  tags: [['tags', row => writeTags(row.tags)]],
  native_id: [['native_id', row => row.native_id]],
  why: [
    ['reason', row => row.reason],
    ['reason_text', row => row.reason_text]
  ]
};

/** Jobs as lines of texts under a line of headings, by columns of the table; the id is always there. */
export function csvLines(
  columns: readonly ColumnId[],
  rows: readonly JobRow[]
): string[][] {
  const all: CsvColumn[] = [
    ['id', row => row.id],
    ...columns.flatMap(column => CSV_COLUMNS[column])
  ];
  return [
    all.map(([heading]) => heading),
    ...rows.map(row => all.map(([, value]) => String(value(row) ?? '')))
  ];
}
