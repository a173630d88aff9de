import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Gateway, Job, JobEvent, JobRow } from '../../model/contract';
import { ordersFor, ordersOf } from '../../model/orders';
import type { IJobActions } from '../jobs/jobActions';
import { Notice } from '../jobs/Notices';
import { LogView } from '../log/LogView';
import type { ILogViewProps } from '../log/LogView';
import { errorText } from '../text/errorText';
import { countedTo, countText, momentText } from '../text/timeText';
import { JobEvents } from './JobEvents';
import { JobFacts } from './JobFacts';
import { JobFiles } from './JobFiles';
import type { IJobFilesProps } from './JobFiles';
import { JobHead } from './JobHead';
import { JobRecord } from './JobRecord';
import type { IJobRecordProps } from './JobRecord';
import { JobTasks } from './JobTasks';
import type { IJobTasksProps } from './JobTasks';
import { JobUse } from './JobUse';
import { PageTabs } from './PageTabs';
import type { IPageTab } from './PageTabs';

export interface IJobPageProps {
  /** The newest row; null before anything is known. */
  row: JobRow | null;
  /** The details; null before they are known. */
  job: Job | null;
  /** What happened to it; empty before that is known. */
  events: readonly JobEvent[];
  error: Error | null;
  gateways: readonly Gateway[];
  now: number;
  /** When the server answered last, in ms since the epoch; null while it answers. */
  staleSince: number | null;
  actions: IJobActions;
  onRetry: () => void;
  /** Null while it is not known which one there is: that of a task, or of the job. */
  log: Omit<ILogViewProps, 'trans'> | null;
  tasks: Omit<IJobTasksProps, 'row' | 'job' | 'now' | 'can' | 'trans'>;
  files: Omit<IJobFilesProps, 'job' | 'trans'>;
  record: Omit<IJobRecordProps, 'trans'>;
  trans: TranslationBundle;
}

/** One job: how it is, its parts in leaves, and its log below. */
export function JobPage(props: IJobPageProps): JSX.Element {
  const { row, job, error, trans } = props;
  const tabs = tabsOf(props);
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
            events={props.events}
            can={ordersFor(row, ordersOf(props.gateways))}
            now={props.now}
            staleSince={props.staleSince}
            actions={props.actions}
            trans={trans}
          />
        )}
        {job && <StaleNotice {...props} job={job} />}
        {tabs.length > 0 && (
          <PageTabs label={trans.__('Parts of the page')} tabs={tabs} />
        )}
      </div>
      {row && props.log && <LogView {...props.log} trans={trans} />}
    </div>
  );
}

/** The parts of the page of which something is known, that with the tasks of an array first. */
function tabsOf(props: IJobPageProps): readonly IPageTab[] {
  const { row, job, trans } = props;
  const now = countedTo(props.now, props.staleSince);
  const tabs: IPageTab[] = [];
  if (row?.array) {
    tabs.push({
      id: 'tasks',
      title: trans.__('Tasks'),
      content: (
        <JobTasks
          {...props.tasks}
          row={row}
          job={job}
          now={now}
          can={ordersFor(row, ordersOf(props.gateways))}
          trans={trans}
        />
      )
    });
  }
  if (job) {
    tabs.push(
      {
        id: 'overview',
        title: trans.__('Overview'),
        content: (
          <div className="jp-BatchJobs-beside">
            <div>
              <JobFacts
                job={job}
                gatewayTitle={titleOf(props, job)}
                isMeasured={gatewayOf(props, job)?.capabilities.usage ?? true}
                trans={trans}
              />
              <JobEvents job={job} events={props.events} trans={trans} />
            </div>
            {!job.spec.array && <JobUse job={job} now={now} trans={trans} />}
          </div>
        )
      },
      {
        id: 'files',
        title:
          job.outputs_count > 0
            ? trans.__('Files %1', countText(job.outputs_count))
            : trans.__('Files'),
        content: <JobFiles {...props.files} job={job} trans={trans} />
      },
      {
        id: 'request',
        title: trans.__('Request'),
        content: (
          <pre className="jp-BatchJobs-request">
            {JSON.stringify(job.spec, null, 2)}
          </pre>
        )
      },
      {
        id: 'record',
        title: trans.__('Record'),
        content: <JobRecord {...props.record} trans={trans} />
      }
    );
  }
  return tabs;
}

/** Says how old what is shown is, if the gateway is silent. */
function StaleNotice(props: IJobPageProps & { job: Job }): JSX.Element | null {
  const { job, trans } = props;
  return job.stale_since === null ? null : (
    <Notice
      tone="warning"
      text={trans.__(
        '%1 has not answered since %2. The job goes on; this is what was known then.',
        titleOf(props, job),
        momentText(job.stale_since, props.now)
      )}
    />
  );
}

function titleOf(props: IJobPageProps, job: Job): string {
  return gatewayOf(props, job)?.title ?? job.gateway_id;
}

function gatewayOf(props: IJobPageProps, job: Job): Gateway | undefined {
  return props.gateways.find(({ id }) => id === job.gateway_id);
}
