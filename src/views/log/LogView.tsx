import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { LogStream } from '../../model/contract';
import { formatMemory } from '../../model/quantity';
import type { ILogSnapshot } from '../../stores/log';
import { Segments } from '../compose/Segments';
import { Notice } from '../jobs/Notices';
import { errorText } from '../text/errorText';
import { AnsiText } from './ansiText';

/** Keys that leave the end of the log. */
const UPWARD_KEYS = ['ArrowUp', 'PageUp', 'Home'];

export interface ILogViewProps {
  log: ILogSnapshot;
  /** More may come. */
  isLive: boolean;
  onStream: (stream: LogStream) => void;
  onFollow: (isFollowing: boolean) => void;
  onEarlier: () => void;
  onRetry: () => void;
  trans: TranslationBundle;
}

/** The log of a job, which scrolls along with what comes while it is followed. */
export function LogView(props: ILogViewProps): JSX.Element {
  const { log, isLive, onFollow, trans } = props;
  const { isFollowing } = log;
  const ref = React.useRef<HTMLDivElement>(null);
  React.useLayoutEffect(() => {
    const node = ref.current;
    if (node && isFollowing) {
      node.scrollTop = node.scrollHeight;
    }
  }, [log.text, isFollowing]);
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
      <div
        ref={ref}
        className="jp-BatchJobs-logText jp-RenderedText"
        role="log"
        aria-live="off"
        aria-label={log.stream}
        tabIndex={0}
        onWheel={event => {
          if (isFollowing && event.deltaY < 0) {
            onFollow(false);
          }
        }}
        onKeyDown={event => {
          if (isFollowing && UPWARD_KEYS.includes(event.key)) {
            onFollow(false);
          }
        }}
        onScroll={event => {
          if (!isFollowing && isLive && isAtEnd(event.currentTarget)) {
            onFollow(true);
          }
        }}
      >
        {log.hasEarlier && (
          <button
            type="button"
            className="jp-BatchJobs-link"
            onClick={props.onEarlier}
          >
            {trans.__('Show earlier (%1 before)', formatMemory(log.start))}
          </button>
        )}
        {log.isCut && (
          <div className="jp-BatchJobs-quiet">
            {trans.__('The first line is longer than what is shown here.')}
          </div>
        )}
        <pre>
          {log.text ? (
            <AnsiText text={log.text} />
          ) : (
            <span className="jp-BatchJobs-quiet">{emptyText(props)}</span>
          )}
        </pre>
        {log.hasLater && !isFollowing && (
          <button
            type="button"
            className="jp-BatchJobs-link"
            onClick={() => onFollow(true)}
          >
            {trans.__('Go to the end')}
          </button>
        )}
      </div>
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

function emptyText(props: ILogViewProps): string {
  const { log, isLive, trans } = props;
  if (log.size === null) {
    return '';
  }
  return isLive
    ? trans.__('Nothing written yet.')
    : trans.__('Nothing was written.');
}

function isAtEnd(node: HTMLElement): boolean {
  return node.scrollHeight - node.scrollTop - node.clientHeight < 2;
}
