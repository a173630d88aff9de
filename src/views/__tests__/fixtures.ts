import { nullTranslator } from '@jupyterlab/translation';

import type {
  Gateway,
  Job,
  JobFiles,
  JobRecord,
  JobGroup,
  JobRow
} from '../../model/contract';
import { readExample } from '../../model/__tests__/examples';
import { groupOf } from '../../model/phase';
import { ALL_TASKS } from '../../model/taskColumns';
import { idOf } from '../../stores/__tests__/jobIds';
import type { IAnswerSnapshot } from '../../stores/answer';
import { NO_FILES } from '../../stores/jobFiles';
import type { IFilesSnapshot } from '../../stores/jobFiles';
import { NO_FIND } from '../../stores/logFinder';
import { emptyLog } from '../../stores/logSnapshot';
import type { ILogSnapshot } from '../../stores/logSnapshot';
import { NO_OVERVIEW } from '../../stores/taskOverview';
import type { ITaskTable } from '../../stores/taskTable';
import type { IJobsSnapshot, IJobWindow } from '../../tokens';
import type { IJobFilesProps } from '../job/JobFiles';
import type { IJobRecordProps } from '../job/JobRecord';
import type { IJobTasksProps } from '../job/JobTasks';
import type { IJobActions } from '../jobs/jobActions';
import type { IListSelection, ISelectionActions } from '../jobs/SelectionBar';
import type { ILogViewProps } from '../log/LogView';

export const trans = nullTranslator.load('jupyterlab_batch');

/** Of what nobody measured. */
export const UNMEASURED: Job['usage'] = {
  elapsed_seconds: null,
  cpu_seconds: null,
  memory_peak_bytes: null,
  is_partial: false
};

/** The time at which all views are drawn: 30 minutes after the running example began. */
export const NOW = Date.parse('2026-11-22T22:45:09Z');

/** A job that runs, with some changes. */
export function makeRow(changes: Partial<JobRow> = {}, number = 1): JobRow {
  return {
    ...(readExample('JobRow.running') as JobRow),
    id: idOf(number),
    name: `job ${number}`,
    ...changes
  };
}

/** How the tasks of an array stand. */
export const TASK_COUNTS = (readExample('JobRow.array') as JobRow).array;

/** A job that failed, in full, with some changes. */
export function makeJob(changes: Partial<Job> = {}): Job {
  return { ...(readExample('Job.failed-notebook') as Job), ...changes };
}

/** A gateway that is well, with some changes. */
export function makeGateway(changes: Partial<Gateway> = {}): Gateway {
  return { ...(readExample('Gateway.slurm') as Gateway), ...changes };
}

/** A list with these jobs, each in its group. */
export function makeSnapshot(
  rows: readonly JobRow[],
  changes: Partial<IJobsSnapshot> = {}
): IJobsSnapshot {
  const members = (group: JobGroup): IJobWindow => ({
    rows: rows.filter(row => groupOf(row) === group),
    hasMore: false
  });
  const groups = {
    needs_you: members('needs_you'),
    running: members('running'),
    queued: members('queued'),
    finished: members('finished')
  };
  return {
    state: 'live',
    groups,
    counts: {
      needs_you: groups.needs_you.rows.length,
      running: groups.running.rows.length,
      queued: groups.queued.rows.length,
      finished: groups.finished.rows.length
    },
    finishedToday: null,
    gateways: [],
    areGatewaysKnown: false,
    storeId: 'store-1',
    seq: 1,
    clustersSeq: 0,
    staleSince: null,
    error: null,
    ...changes
  };
}

/** Actions that note what they are asked. */
export function spyActions(): jest.Mocked<IJobActions> {
  return {
    open: jest.fn(),
    openLog: jest.fn(),
    openOutput: jest.fn(),
    showRunDirectory: jest.fn(),
    hold: jest.fn(),
    release: jest.fn(),
    suspend: jest.fn(),
    resume: jest.fn(),
    requeue: jest.fn(),
    change: jest.fn(),
    signal: jest.fn(),
    cancel: jest.fn(),
    resubmit: jest.fn(),
    edit: jest.fn(),
    giveUp: jest.fn(),
    forget: jest.fn()
  };
}

/** A log and what is asked of it, which is noted. */
export function makeLog(
  changes: Partial<ILogSnapshot> = {}
): Omit<ILogViewProps, 'trans'> {
  const text = changes.text ?? '';
  const start = changes.start ?? 0;
  const pieces = text ? [{ start, size: text.length, text }] : [];
  return {
    log: { ...emptyLog('stdout'), size: 0, pieces, ...changes },
    find: NO_FIND,
    isLive: true,
    task: null,
    downloadUrl: '/files/stdout.log',
    path: '/lustre/runs/1/stdout.log',
    onTask: jest.fn(),
    onStream: jest.fn(),
    onFollow: jest.fn(),
    onEarlier: jest.fn(),
    onLater: jest.fn(),
    onRetry: jest.fn(),
    onFind: jest.fn(),
    onStopFinding: jest.fn(),
    onCopy: jest.fn()
  };
}

/** The files of a job and what is asked of them, which is noted. */
export function makeFiles(changes: Partial<IFilesSnapshot> = {}): jest.Mocked<
  Omit<IJobFilesProps, 'job' | 'trans' | 'files'>
> & {
  files: IFilesSnapshot;
} {
  const { total, files } = readExample('JobFiles.some') as JobFiles;
  return {
    files: { ...NO_FILES, files, total, ...changes },
    onLook: jest.fn(),
    onOpenFolder: jest.fn(),
    onGoTo: jest.fn(),
    onReload: jest.fn(),
    onOpenFile: jest.fn(),
    onCopyPath: jest.fn(),
    fileUrl: jest.fn(path => `/files/${path}`)
  };
}

/** The record of a job and what is asked of it, which is noted. */
export function makeRecord(
  changes: Partial<IAnswerSnapshot<JobRecord>> = {}
): jest.Mocked<Pick<IJobRecordProps, 'onLook' | 'onRetry'>> &
  Pick<IJobRecordProps, 'known' | 'exportUrl'> {
  const answer = readExample('Record.some') as JobRecord;
  return {
    known: { answer, error: null, ...changes },
    exportUrl: '/records/1',
    onLook: jest.fn(),
    onRetry: jest.fn()
  };
}

/** The tasks of an array, of which nothing is known, and what is asked of them, which is noted. */
export function makeTasks(changes: Partial<ITaskTable> = {}): jest.Mocked<
  Pick<IJobTasksProps, 'onShow' | 'onHide' | 'onChoose' | 'onOpenLog'>
> &
  Omit<IJobTasksProps, 'row' | 'job' | 'now' | 'can' | 'trans'> & {
    selecting: jest.Mocked<IJobTasksProps['selecting']>;
  } {
  return {
    overview: NO_OVERVIEW,
    plot: null,
    table: {
      choice: ALL_TASKS,
      total: null,
      isLoading: false,
      error: null,
      version: 0,
      ...changes
    },
    taskAt: () => undefined,
    opened: null,
    onRetryOverview: jest.fn(),
    onResubmitTasks: jest.fn(),
    onShow: jest.fn(),
    onHide: jest.fn(),
    onChoose: jest.fn(),
    onOpenLog: jest.fn(),
    onRetry: jest.fn(),
    selection: makeSelection(),
    selected: [],
    selecting: {
      onToggle: jest.fn(),
      onExtend: jest.fn(),
      onSelectAll: jest.fn(),
      onClear: jest.fn(() => false),
      clear: jest.fn(),
      run: jest.fn()
    }
  };
}

/** A selection of some jobs, with some changes. */
export function makeSelection(
  ids: readonly string[] = [],
  changes: Partial<IListSelection> = {}
): IListSelection {
  return {
    ids: new Set(ids),
    isBusy: false,
    result: null,
    error: null,
    ...changes
  };
}

/** A selection that notes what it is asked. */
export function spySelecting(): jest.Mocked<ISelectionActions> {
  return {
    toggle: jest.fn(),
    extend: jest.fn(),
    selectAll: jest.fn(),
    clear: jest.fn(),
    run: jest.fn()
  };
}

/** Let `Intl` speak one language, whatever that of the machine is. */
export function fixLocale(locale = 'en-GB'): void {
  const { DateTimeFormat, NumberFormat } = Intl;
  beforeEach(() => {
    jest
      .spyOn(Intl, 'DateTimeFormat')
      .mockImplementation((_, options) => new DateTimeFormat(locale, options));
    jest
      .spyOn(Intl, 'NumberFormat')
      .mockImplementation((_, options) => new NumberFormat(locale, options));
  });
  afterEach(() => jest.restoreAllMocks());
}
