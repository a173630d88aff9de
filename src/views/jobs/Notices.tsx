import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Gateway } from '../../model/contract';
import { isOver } from '../../model/phase';
import type { IJobsSnapshot } from '../../tokens';
import {
  errorText,
  isMisread,
  isOfNewerStore,
  isOfStore
} from '../text/errorText';
import { countText, durationText, momentText } from '../text/timeText';

/** More gateways than this that are not well are folded into one notice: the jobs stay in sight. */
const MOST_APART = 3;

/** A message across the view: what happened, what is unharmed, what to do. */
export function Notice(props: {
  tone: 'warning' | 'error' | 'info';
  text: string;
  /** Folds out. */
  detail?: string | null;
  detailLabel?: string;
  action?: { label: string; run: () => void } | null;
  /** More that can be done. */
  children?: React.ReactNode;
}): JSX.Element {
  const { action } = props;
  return (
    <div
      role={props.tone === 'error' ? 'alert' : 'note'}
      className={`jp-BatchJobs-notice jp-mod-${props.tone}`}
    >
      <div>{props.text}</div>
      {props.detail && (
        <details>
          <summary>{props.detailLabel}</summary>
          <pre>{props.detail}</pre>
        </details>
      )}
      {action && (
        <button
          type="button"
          className="jp-BatchJobs-link"
          onClick={action.run}
        >
          {action.label}
        </button>
      )}
      {props.children}
    </div>
  );
}

/** Says since when the Jupyter server has been silent, or cannot tell what it knows. */
export function ServerNotice(props: {
  snapshot: IJobsSnapshot;
  now: number;
  onRetry: () => void;
  trans: TranslationBundle;
}): JSX.Element | null {
  const { snapshot, now, trans } = props;
  if (snapshot.staleSince === null) {
    return null;
  }
  const known = Object.values(snapshot.groups).some(
    group => group.rows.length > 0
  );
  const since = momentText(new Date(snapshot.staleSince).toISOString(), now);
  const age = durationText((now - snapshot.staleSince) / 1000);
  return (
    <Notice
      tone="warning"
      text={
        isMisread(snapshot.error) || isOfNewerStore(snapshot.error)
          ? errorText(snapshot.error, trans)
          : isOfStore(snapshot.error)
            ? storeText(since, known ? age : null, trans)
            : silenceText(since, known ? age : null, trans)
      }
      detail={snapshot.error?.message}
      detailLabel={trans.__('Details')}
      action={{ label: trans.__('Retry'), run: props.onRetry }}
    />
  );
}

function silenceText(
  since: string,
  age: string | null,
  trans: TranslationBundle
): string {
  return age === null
    ? trans.__(
        'The Jupyter server has not answered since %1. Your jobs go on.',
        since
      )
    : trans.__(
        'The Jupyter server has not answered since %1. Your jobs go on; what you see is %2 old.',
        since,
        age
      );
}

function storeText(
  since: string,
  age: string | null,
  trans: TranslationBundle
): string {
  return age === null
    ? trans.__(
        'The Jupyter server has not been able to read its store of jobs since %1. Your jobs go on; they are shown as soon as it can.',
        since
      )
    : trans.__(
        'The Jupyter server has not been able to read its store of jobs since %1. Your jobs go on; what you see is %2 old.',
        since,
        age
      );
}

/** Says which gateways are silent or do not accept the user. */
export function GatewayNotices(props: {
  gateways: readonly Gateway[];
  now: number;
  onRetry: (gateway: Gateway) => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { trans } = props;
  const silent = props.gateways.filter(gateway => !isWell(gateway));
  const notices = silent.map(gateway => (
    <Notice
      key={gateway.id}
      tone="warning"
      text={gatewayText(gateway, props.now, trans)}
      detail={gateway.health.error}
      detailLabel={trans.__('Details')}
      action={{
        label: trans.__('Retry'),
        run: () => props.onRetry(gateway)
      }}
    />
  ));
  return (
    <>
      {silent.length <= MOST_APART ? (
        notices
      ) : (
        <details className="jp-BatchJobs-notice jp-mod-warning">
          <summary>
            {trans.__('%1 gateways are not well', countText(silent.length))}
          </summary>
          {notices}
        </details>
      )}
      {props.gateways.flatMap(gateway =>
        gateway.notices.map(text => (
          <Notice key={`${gateway.id} ${text}`} tone="info" text={text} />
        ))
      )}
    </>
  );
}

/** Says that there is no gateway at all, or which ones jobs have that are not configured any more. */
export function MissingGatewayNotices(props: {
  snapshot: IJobsSnapshot;
  trans: TranslationBundle;
}): JSX.Element | null {
  const { snapshot, trans } = props;
  if (!snapshot.areGatewaysKnown) {
    return null;
  }
  const known = new Set(snapshot.gateways.map(({ id }) => id));
  const missing = Object.values(snapshot.groups)
    .flatMap(({ rows }) => rows)
    .filter(row => !isOver(row) && !known.has(row.gateway_id))
    .map(row => row.gateway_id);
  return (
    <>
      {known.size === 0 && (
        <Notice
          tone="warning"
          text={trans.__(
            'No gateway is configured on this Jupyter server, so nothing can be submitted here. Whoever runs the server can change that.'
          )}
        />
      )}
      {[...new Set(missing)].map(id => (
        <Notice
          key={id}
          tone="warning"
          text={trans.__(
            'The gateway “%1” is not configured on this Jupyter server any more. Its jobs go on where they run; what is shown of them is what was known last.',
            id
          )}
        />
      ))}
    </>
  );
}

/** Whether a gateway answers and accepts the user. */
export function isWell(gateway: Gateway): boolean {
  return gateway.health.ok && gateway.health.auth_ok !== false;
}

/** Which gateway is not well, since when, and what still works. */
export function gatewayText(
  gateway: Gateway,
  now: number,
  trans: TranslationBundle
): string {
  const { title, health } = gateway;
  if (health.auth_ok === false) {
    return trans.__(
      'Not signed in to %1. %2 Jobs that run there go on; here they can be seen, but not cancelled, and no new ones submitted.',
      title,
      health.error ?? trans.__('Sign in to it, then retry.')
    );
  }
  if (health.as_of === null) {
    return trans.__(
      '%1 has not answered yet. You can fill in a form and submit it later.',
      title
    );
  }
  return trans.__(
    '%1 has not answered since %2. Jobs that run there go on; what is shown of them is %3 old. You can read their logs, but not submit or cancel.',
    title,
    momentText(health.as_of, now),
    durationText((now - Date.parse(health.as_of)) / 1000)
  );
}
