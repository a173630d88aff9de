import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Gateway, Job, JobRow, Output } from '../../model/contract';
import type { IJobActions } from '../jobs/jobActions';
import { Notice } from '../jobs/Notices';
import { LogView } from '../log/LogView';
import type { ILogViewProps } from '../log/LogView';
import { errorText } from '../text/errorText';
import { momentText } from '../text/timeText';
import { FailedTasks } from './FailedTasks';
import type { IFailedTasksProps } from './FailedTasks';
import { JobFacts, JobOutputs } from './JobFacts';
import { JobHead } from './JobHead';

export interface IJobPageProps {
  /** The newest row; null before anything is known. */
  row: JobRow | null;
  /** The details; null before they are known. */
  job: Job | null;
  error: Error | null;
  gateways: readonly Gateway[];
  now: number;
  actions: IJobActions;
  onOpenFile: (job: Job, output: Output) => void;
  onRetry: () => void;
  /** Null while it is not known which one there is: that of a task, or of the job. */
  log: Omit<ILogViewProps, 'trans'> | null;
  tasks: Omit<IFailedTasksProps, 'row' | 'trans'>;
  trans: TranslationBundle;
}

/** One job: how it is, its facts and outputs, and its log below. */
export function JobPage(props: IJobPageProps): JSX.Element {
  const { row, job, error, trans } = props;
  return (
    <div className="jp-BatchJobs-job">
      <div className="jp-BatchJobs-jobBody">
        {error && (
          <Notice
            tone="error"
            text={errorText(error, trans)}
            action={{ label: trans.__('Retry'), run: props.onRetry }}
          />
        )}
        {row && (
          <JobHead
            row={row}
            canBeHeld={props.gateways.some(
              ({ id, capabilities }) =>
                id === row.gateway_id && capabilities.hold
            )}
            now={props.now}
            actions={props.actions}
            trans={trans}
          />
        )}
        {row?.array && <FailedTasks {...props.tasks} row={row} trans={trans} />}
        {job && <JobDetails {...props} job={job} />}
      </div>
      {row && props.log && <LogView {...props.log} trans={trans} />}
    </div>
  );
}

function JobDetails(props: IJobPageProps & { job: Job }): JSX.Element {
  const { job, trans } = props;
  const gateway = props.gateways.find(({ id }) => id === job.gateway_id);
  const title = gateway?.title ?? job.gateway_id;
  return (
    <>
      {job.stale_since !== null && (
        <Notice
          tone="warning"
          text={trans.__(
            '%1 has not answered since %2. The job goes on; this is what was known then.',
            title,
            momentText(job.stale_since, props.now)
          )}
        />
      )}
      <JobFacts job={job} gatewayTitle={title} trans={trans} />
      <JobOutputs
        outputs={job.outputs}
        onOpen={output => props.onOpenFile(job, output)}
        trans={trans}
      />
    </>
  );
}
