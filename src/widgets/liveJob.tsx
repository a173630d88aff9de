import { Clipboard } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import * as React from 'react';

import type { Job, JobEvents, JobRecord, Output } from '../model/contract';
import { isFinal } from '../model/phase';
import type { AnswerStore } from '../stores/answer';
import type { JobFilesStore } from '../stores/jobFiles';
import type { TaskOverviewStore } from '../stores/taskOverview';
import type { TaskTable } from '../stores/taskTable';
import type { IBatchClient } from '../tokens';
import type { IJobFilesProps } from '../views/job/JobFiles';
import { JobPage } from '../views/job/JobPage';
import type { IJobRecordProps } from '../views/job/JobRecord';
import type { SpreadPlot } from '../views/job/TaskUse';
import type { ILogViewProps } from '../views/log/LogView';
import { useSnapshot } from '../views/useSnapshot';
import type { Clock } from './clock';
import { jobActions, resubmitTasks } from './jobCommands';
import type { JobLogs } from './jobLogs';
import type { JobModel } from './jobModel';
import type { TaskSelection } from './taskSelection';

const NO_EVENTS: JobEvents['events'] = [];

export interface ILiveJobProps {
  jobId: string;
  client: IBatchClient;
  commands: CommandRegistry;
  openFile: (job: Job, output: Output) => void;
  trans: TranslationBundle;
  model: JobModel;
  tasks: TaskTable;
  selection: TaskSelection;
  overview: TaskOverviewStore;
  events: AnswerStore<JobEvents>;
  files: JobFilesStore;
  record: AnswerStore<JobRecord>;
  logs: JobLogs;
  clock: Clock;
  /** The job is known, and so its log stands on the page. */
  onRow: () => void;
}

/** The page of a job, drawn again when anything that it shows is another. */
export function LiveJob(props: ILiveJobProps): JSX.Element {
  const { model, logs, commands, tasks, selection } = props;
  const { row, job, gateways, staleSince, error } = useSnapshot(model);
  const overview = useSnapshot(props.overview);
  const events = useSnapshot(props.events).answer?.events ?? NO_EVENTS;
  const files = useFiles(props);
  const record = useRecord(props);
  const now = useSnapshot(props.clock);
  const actions = React.useMemo(() => jobActions(commands), [commands]);
  const isKnown = row !== null && (row.array === null || logs.task !== null);
  const log = useLog(logs, job, row === null || !isFinal(row.phase));
  const onRow = React.useRef(props.onRow);
  React.useEffect(() => {
    if (isKnown) {
      onRow.current();
    }
  }, [isKnown]);
  return (
    <JobPage
      row={row}
      job={job}
      error={error}
      gateways={gateways}
      now={now}
      staleSince={staleSince}
      actions={actions}
      onRetry={() => void model.refresh()}
      tasks={{
        table: useSnapshot(tasks),
        taskAt: place => tasks.row(place),
        opened: logs.task,
        onShow: (first, last) => tasks.show(first, last),
        onHide: () => tasks.hide(),
        onChoose: choice => void tasks.choose(choice),
        onOpenLog: index => logs.openTask(index),
        onRetry: () => void tasks.refresh(),
        selection: useSnapshot(selection.model),
        selected: selection.rows,
        selecting: selection.selecting,
        overview,
        plot: usePlot(overview.usage !== null),
        onRetryOverview: () => props.overview.refresh(),
        onResubmitTasks: (...asked) => resubmitTasks(commands, ...asked)
      }}
      events={events}
      files={files}
      record={record}
      log={isKnown ? log : null}
      trans={props.trans}
    />
  );
}

/** What draws charts, from when there is something to draw. */
function usePlot(isNeeded: boolean): SpreadPlot | null {
  const [plot, setPlot] = React.useState<SpreadPlot | null>(null);
  React.useEffect(() => {
    let isHere = true;
    const load = async (): Promise<void> => {
      const { SpreadPlot } = await import('./plots');
      if (isHere) {
        setPlot(() => SpreadPlot);
      }
    };
    if (isNeeded) {
      // Where they cannot be loaded, the same stands in words and tables.
      load().catch(() => undefined);
    }
    return () => {
      isHere = false;
    };
  }, [isNeeded]);
  return plot;
}

/** What the view of the files needs. */
function useFiles(props: ILiveJobProps): Omit<IJobFilesProps, 'job' | 'trans'> {
  const { files, jobId, client } = props;
  const onLook = React.useCallback(
    (isLooking: boolean) => files.look(isLooking),
    [files]
  );
  return {
    files: useSnapshot(files),
    onLook,
    onOpenFolder: folder => void files.open(folder),
    onGoTo: offset => void files.goTo(offset),
    onReload: () => void files.refresh(),
    onOpenFile: props.openFile,
    onCopyPath: path => Clipboard.copyToSystem(path),
    fileUrl: path => client.details.fileUrl(jobId, path)
  };
}

/** What the view of the record needs. */
function useRecord(props: ILiveJobProps): Omit<IJobRecordProps, 'trans'> {
  const { record, jobId, client } = props;
  const onLook = React.useCallback(
    (isLooking: boolean) => record.look(isLooking),
    [record]
  );
  return {
    known: useSnapshot(record),
    exportUrl: client.details.recordUrl(jobId),
    onLook,
    onRetry: () => void record.refresh()
  };
}

/** What the view of a log needs. */
function useLog(
  logs: JobLogs,
  job: Job | null,
  isLive: boolean
): Omit<ILogViewProps, 'trans'> {
  const { log, finder } = logs;
  return {
    log: useSnapshot(log),
    find: useSnapshot(finder),
    isLive,
    task: logs.task,
    downloadUrl: logs.downloadUrl,
    path: job && logs.pathIn(job.log_paths),
    onTask: index => logs.openTask(index),
    onStream: stream => logs.switchTo(stream),
    onFollow: isFollowing => log.follow(isFollowing),
    onEarlier: () => void log.loadEarlier(),
    onLater: () => void log.loadLater(),
    onRetry: () => void log.refresh(),
    onFind: (query, direction) => void logs.find(query, direction),
    onStopFinding: () => finder.stop(),
    onCopy: text => Clipboard.copyToSystem(text)
  };
}
