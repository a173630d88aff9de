import * as React from 'react';

import { bytesText } from '../text/quantityText';
import { LogPieces } from './LogPieces';
import type { ILogViewProps } from './LogView';

/** Keys that leave the end of the log. */
const UPWARD_KEYS = ['ArrowUp', 'PageUp', 'Home'];

/** The text of a log, which stays at its end while it is followed. */
export function LogText(
  props: ILogViewProps & { isWrapped: boolean }
): JSX.Element {
  const { log, trans } = props;
  const scrolling = useFollowing(props);
  return (
    <div
      {...scrolling}
      className="jp-BatchJobs-logText jp-RenderedText"
      role="log"
      aria-live="off"
      aria-label={
        log.stream === 'stdout' ? trans.__('Output') : trans.__('Errors')
      }
      tabIndex={0}
    >
      {log.hasEarlier && (
        <button
          type="button"
          className="jp-BatchJobs-link"
          onClick={props.onEarlier}
        >
          {trans.__('Show earlier (%1 before)', bytesText(log.start))}
        </button>
      )}
      {log.isCut && (
        <div className="jp-BatchJobs-quiet">
          {trans.__('The first line is longer than what is shown here.')}
        </div>
      )}
      <pre className={props.isWrapped ? '' : 'jp-mod-unwrapped'}>
        {log.text ? (
          <LogPieces pieces={log.pieces} match={props.find?.match ?? null} />
        ) : (
          <span className="jp-BatchJobs-quiet">{emptyText(props)}</span>
        )}
      </pre>
      {log.hasLater && !log.isFollowing && (
        <button
          type="button"
          className="jp-BatchJobs-link"
          onClick={props.onLater}
        >
          {trans.__(
            'Show later (%1 behind)',
            bytesText((log.size ?? log.end) - log.end)
          )}
        </button>
      )}
      {log.hasLater && !log.isFollowing && (
        <button
          type="button"
          className="jp-BatchJobs-link"
          onClick={() => props.onFollow(true)}
        >
          {trans.__('Go to the end')}
        </button>
      )}
    </div>
  );
}

/**
 * Keep an element at its end while the log is followed.
 *
 * Whoever moves up, by wheel, key or scroll bar, stays where he is; back at the end he follows again.
 */
function useFollowing(
  props: Pick<ILogViewProps, 'log' | 'isLive' | 'onFollow'>
): Pick<
  React.ComponentProps<'div'>,
  'ref' | 'onWheel' | 'onKeyDown' | 'onScroll'
> {
  const { log, isLive, onFollow } = props;
  const { text, isFollowing } = log;
  const ref = React.useRef<HTMLDivElement>(null);
  const lastTop = React.useRef(0);
  const goToEnd = React.useCallback((): void => {
    const node = ref.current;
    if (node && isFollowing) {
      node.scrollTop = node.scrollHeight;
      lastTop.current = node.scrollTop;
    }
  }, [isFollowing]);
  React.useLayoutEffect(goToEnd, [text, goToEnd]);
  React.useEffect(() => {
    // A pane that is made lower hides its end, and so do lines that are wrapped.
    const resized = new ResizeObserver(goToEnd);
    const { current: node } = ref;
    [node, node?.querySelector('pre')].forEach(
      one => one && resized.observe(one)
    );
    return () => resized.disconnect();
  }, [goToEnd]);
  return {
    ref,
    onWheel: event => {
      if (isFollowing && event.deltaY < 0) {
        onFollow(false);
      }
    },
    onKeyDown: event => {
      if (isFollowing && UPWARD_KEYS.includes(event.key)) {
        onFollow(false);
      }
    },
    onScroll: event => {
      const node = event.currentTarget;
      const isUpward = node.scrollTop < lastTop.current;
      lastTop.current = node.scrollTop;
      if (isFollowing && isUpward && !isAtEnd(node)) {
        onFollow(false);
      } else if (!isFollowing && isLive && !isUpward && isAtEnd(node)) {
        onFollow(true);
      }
    }
  };
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
