import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { LogStream } from '../../model/contract';
import { formatMemory } from '../../model/quantity';
import { Segments } from '../compose/Segments';
import { Notice } from '../jobs/Notices';
import { errorText } from '../text/errorText';
import { AnsiText } from './ansiText';

/** Some of a log: as much of its end as is kept here. */
export interface ILogState {
  readonly stream: LogStream;
  readonly text: string;
  /** How many bytes of the file stand before the text. */
  readonly before: number;
  /** Size of the file in bytes; null while not known. */
  readonly size: number | null;
  /** More may come. */
  readonly isLive: boolean;
  readonly error: Error | null;
}

/** Keys that leave the end of the log. */
const UPWARD_KEYS = ['ArrowUp', 'PageUp', 'Home'];

export interface ILogViewProps {
  log: ILogState;
  isFollowing: boolean;
  onStream: (stream: LogStream) => void;
  onFollow: (isFollowing: boolean) => void;
  onEarlier: () => void;
  onRetry: () => void;
  trans: TranslationBundle;
}

/** The log of a job, which scrolls along with what comes while it is followed. */
export function LogView(props: ILogViewProps): JSX.Element {
  const { log, isFollowing, onFollow, trans } = props;
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
          if (!isFollowing && log.isLive && isAtEnd(event.currentTarget)) {
            onFollow(true);
          }
        }}
      >
        {log.before > 0 && (
          <button
            type="button"
            className="jp-BatchJobs-link"
            onClick={props.onEarlier}
          >
            {trans.__('Show earlier (%1 before)', formatMemory(log.before))}
          </button>
        )}
        <pre>
          {log.text ? (
            <AnsiText text={log.text} />
          ) : (
            <span className="jp-BatchJobs-quiet">{emptyText(log, trans)}</span>
          )}
        </pre>
      </div>
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
          checked={props.isFollowing}
          onChange={event => props.onFollow(event.target.checked)}
        />
        {trans.__('Follow')}
      </label>
      <span className="jp-BatchJobs-logSize">
        {log.size === null ? '' : formatMemory(log.size)} ·{' '}
        {log.isLive ? trans.__('live') : trans.__('ended')}
      </span>
    </div>
  );
}

function emptyText(log: ILogState, trans: TranslationBundle): string {
  if (log.size === null) {
    return '';
  }
  return log.isLive
    ? trans.__('Nothing written yet.')
    : trans.__('Nothing was written.');
}

function isAtEnd(node: HTMLElement): boolean {
  return node.scrollHeight - node.scrollTop - node.clientHeight < 2;
}
