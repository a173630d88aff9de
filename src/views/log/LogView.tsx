import * as React from 'react';

import type { LogStream } from '../../model/contract';
import type { ILogSnapshot } from '../../stores/log';
import { Segments } from '../compose/Segments';
import { Notice } from '../jobs/Notices';
import { SEPARATOR } from '../jobs/rowText';
import { errorText, isBatchError } from '../text/errorText';
import { bytesText } from '../text/quantityText';
import { plainText } from './ansiText';
import { FindBar } from './FindBar';
import type { IFindBarProps } from './FindBar';
import { LogText } from './LogText';
import { TaskChooser } from './TaskChooser';
import { Check } from '../Check';

export interface ILogViewProps extends Omit<IFindBarProps, 'find'> {
  /** Null where nothing can be looked for in it. */
  find: IFindBarProps['find'] | null;
  log: ILogSnapshot;
  /** More may come. */
  isLive: boolean;
  /** The task of an array whose log it is; null of a single job. */
  task: number | null;
  onTask: (index: number) => void;
  /** Null where there is one stream only. */
  onStream: ((stream: LogStream) => void) | null;
  onFollow: (isFollowing: boolean) => void;
  onEarlier: () => void;
  onLater: () => void;
  /** Put a text on the clipboard. */
  onCopy: (text: string) => void;
  /** Where the browser downloads all of the log; null if it cannot. */
  downloadUrl: string | null;
  /** Where the log lies for the machine that runs the job; null while that is not known. */
  path: string | null;
  onRetry: () => void;
}

/** The log of a job, which scrolls along with what comes while it is followed. */
export function LogView(props: ILogViewProps): JSX.Element {
  const { log, trans } = props;
  const [isWrapped, setIsWrapped] = React.useState(true);
  const ref = React.useRef<HTMLElement>(null);
  return (
    <section
      ref={ref}
      className="jp-BatchJobs-log"
      aria-label={trans.__('Log')}
      onKeyDown={event => {
        if (event.key === 'f' && (event.ctrlKey || event.metaKey)) {
          event.preventDefault();
          ref.current
            ?.querySelector<HTMLElement>('input[type="search"]')
            ?.focus();
        }
      }}
    >
      <LogHead {...props} isWrapped={isWrapped} onWrap={setIsWrapped} />
      {log.error && (
        <Notice
          tone="error"
          text={errorText(log.error, trans)}
          action={{ label: trans.__('Retry'), run: props.onRetry }}
        >
          <CopyLogPath {...props} />
        </Notice>
      )}
      <LogText {...props} isWrapped={isWrapped} />
      {log.restarts > 0 && (
        <div className="jp-BatchJobs-quiet" role="status">
          {trans.__('The log was begun anew while it was shown.')}
        </div>
      )}
    </section>
  );
}

/** Where to look for a log that the server cannot read. */
function CopyLogPath(props: ILogViewProps): JSX.Element | null {
  const { log, path, trans } = props;
  const isUnseen =
    isBatchError(log.error) && log.error.problem?.code === 'log_not_readable';
  return isUnseen && path !== null ? (
    <button
      type="button"
      className="jp-BatchJobs-link"
      title={path}
      onClick={() => props.onCopy(path)}
    >
      {trans.__('Copy path of the log')}
    </button>
  ) : null;
}

type ILogHeadProps = ILogViewProps & {
  isWrapped: boolean;
  onWrap: (isWrapped: boolean) => void;
};

function LogHead(props: ILogHeadProps): JSX.Element {
  const { log, trans } = props;
  return (
    <div className="jp-BatchJobs-logHead">
      {props.task !== null && (
        <TaskChooser task={props.task} onTask={props.onTask} trans={trans} />
      )}
      {props.onStream && (
        <Segments
          label={trans.__('Stream')}
          value={log.stream}
          options={[
            { value: 'stdout', title: trans.__('Output') },
            { value: 'stderr', title: trans.__('Errors') }
          ]}
          onChange={props.onStream}
        />
      )}
      <Check
        className="jp-BatchJobs-follow"
        label={trans.__('Follow')}
        isChecked={log.isFollowing}
        onChange={props.onFollow}
      />
      {props.find && <FindBar {...props} find={props.find} />}
      <LogTools {...props} />
    </div>
  );
}

/** What is done with the text as it is shown, or with all of it. */
function LogTools(props: ILogHeadProps): JSX.Element {
  const { log, trans } = props;
  return (
    <>
      <Check
        className="jp-BatchJobs-follow"
        label={trans.__('Wrap')}
        isChecked={props.isWrapped}
        onChange={props.onWrap}
      />
      <button
        type="button"
        className="jp-BatchJobs-link"
        title={trans.__('Copy the text that is shown')}
        onClick={() => props.onCopy(plainText(log.text))}
      >
        {trans.__('Copy')}
      </button>
      {props.downloadUrl !== null && (
        <a
          className="jp-BatchJobs-link"
          href={props.downloadUrl}
          download=""
          title={trans.__('Download all of the log')}
        >
          {trans.__('Download')}
        </a>
      )}
      <span className="jp-BatchJobs-logSize">
        {[log.size === null ? '' : bytesText(log.size), stateText(props)]
          .filter(Boolean)
          .join(SEPARATOR)}
      </span>
    </>
  );
}

/** Whether more may come; empty where that is not known, as it cannot be read. */
function stateText({ log, isLive, trans }: ILogViewProps): string {
  return log.error ? '' : isLive ? trans.__('live') : trans.__('ended');
}
