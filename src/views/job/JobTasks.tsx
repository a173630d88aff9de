import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Job, JobRow } from '../../model/contract';
import type { Offer } from '../../model/resubmission';
import type { ITaskOverview } from '../../stores/taskOverview';
import { Notice } from '../jobs/Notices';
import { errorText } from '../text/errorText';
import { FailedTasks } from './FailedTasks';
import type { IFailedTasksProps } from './FailedTasks';
import { TaskCausesTable } from './TaskCauses';
import { TaskMap } from './TaskMap';
import { TaskUse } from './TaskUse';

export interface IJobTasksProps extends IFailedTasksProps {
  /** The details; null before they are known. */
  job: Job | null;
  overview: ITaskOverview;
  /** Ask for the overview again. */
  onRetryOverview: () => void;
  /** Ask what is to be different when just these tasks are run again. */
  onResubmitTasks: (
    row: JobRow,
    indices: readonly number[],
    offer: Offer | null
  ) => void;
  trans: TranslationBundle;
}

/** The tasks of an array: where they are, why some failed, what they used. */
export function JobTasks(props: IJobTasksProps): JSX.Element {
  const { job, row, overview, trans } = props;
  const { runs, causes, usage, error } = overview;
  const array = job?.spec.array;
  return (
    <div className="jp-BatchJobs-tasks">
      {error && (
        <Notice
          tone="error"
          text={errorText(error, trans)}
          action={{ label: trans.__('Retry'), run: props.onRetryOverview }}
        />
      )}
      {runs && array && (
        <>
          <TaskMap
            runs={runs}
            array={array}
            onOpen={props.onOpenLog}
            trans={trans}
          />
          <p className="jp-BatchJobs-quiet">
            {trans.__(
              'Arrow keys move, Enter opens the log of a task, F goes to the next one that failed.'
            )}
          </p>
        </>
      )}
      {causes && (
        <TaskCausesTable
          row={row}
          causes={causes}
          onOpenLog={props.onOpenLog}
          onResubmit={(indices, offer) =>
            props.onResubmitTasks(row, indices, offer)
          }
          trans={trans}
        />
      )}
      {usage && <TaskUse usage={usage} trans={trans} />}
      <FailedTasks {...props} />
    </div>
  );
}
