import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { LogStream } from '../../model/contract';
import { formatMemory } from '../../model/quantity';
import type { ILogSnapshot } from '../../stores/log';
import { Segments } from '../compose/Segments';
import { Notice } from '../jobs/Notices';
import { errorText } from '../text/errorText';
import { LogText } from './LogText';
import { TaskChooser } from './TaskChooser';

export interface ILogViewProps {
  log: ILogSnapshot;
  /** More may come. */
  isLive: boolean;
  /** The task of an array whose log it is; null of a single job. */
  task: number | null;
  onTask: (index: number) => void;
  onStream: (stream: LogStream) => void;
  onFollow: (isFollowing: boolean) => void;
  onEarlier: () => void;
  onRetry: () => void;
  trans: TranslationBundle;
}

/** The log of a job, which scrolls along with what comes while it is followed. */
export function LogView(props: ILogViewProps): JSX.Element {
  const { log, trans } = props;
  return (
    <section className="jp-BatchJobs-log" aria-label={trans.__('Log')}>
      <LogHead {...props} />
      {log.error && (
        <Notice
          tone="error"
          text={errorText(log.error, trans)}
          action={{ label: trans.__('Retry'), run: props.onRetry }}
        />
      )}
      <LogText {...props} />
      {log.restarts > 0 && (
        <div className="jp-BatchJobs-quiet" role="status">
          {trans.__('The log was begun anew while it was shown.')}
        </div>
      )}
    </section>
  );
}

function LogHead(props: ILogViewProps): JSX.Element {
  const { log, trans } = props;
  return (
    <div className="jp-BatchJobs-logHead">
      {props.task !== null && (
        <TaskChooser task={props.task} onTask={props.onTask} trans={trans} />
      )}
      <Segments
        label={trans.__('Stream')}
        value={log.stream}
        options={[
          { value: 'stdout', title: trans.__('Output') },
          { value: 'stderr', title: trans.__('Errors') }
        ]}
        onChange={props.onStream}
      />
      <label className="jp-BatchJobs-follow">
        <input
          type="checkbox"
          checked={log.isFollowing}
          onChange={event => props.onFollow(event.target.checked)}
        />
        {trans.__('Follow')}
      </label>
      <span className="jp-BatchJobs-logSize">
        {log.size === null ? '' : formatMemory(log.size)} ·{' '}
        {props.isLive ? trans.__('live') : trans.__('ended')}
      </span>
    </div>
  );
}
