import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { fits } from '../../model/bulk';
import type {
  Gateway,
  JobCounts,
  JobGroup,
  JobRow
} from '../../model/contract';
import { ordersFor, ordersOf } from '../../model/orders';
import { canCancel, isOver, JOB_GROUPS } from '../../model/phase';
import type { IJobsSnapshot } from '../../tokens';
import { errorText } from '../text/errorText';
import { countedTo, countText } from '../text/timeText';
import type { IJobActions } from './jobActions';
import { JobGroupSection, stopsOfSection } from './JobGroupSection';
import {
  GatewayNotices,
  MissingGatewayNotices,
  Notice,
  ServerNotice
} from './Notices';
import { sectionsOf } from './sections';
import { SelectionBar } from './SelectionBar';
import type { IListSelection, ISelectionActions } from './SelectionBar';
import { useListFocus } from './useListFocus';
import type { IListFocus, IWantedStop } from './useListFocus';

export interface IJobsListProps {
  snapshot: IJobsSnapshot;
  /** Not all jobs are shown. */
  isFiltered: boolean;
  /** Why the last action failed. */
  error: Error | null;
  /** Milliseconds since the epoch; elapsed and remaining times are counted to it. */
  now: number;
  actions: IJobActions;
  selection: IListSelection;
  selecting: ISelectionActions;
  /** The job that is to take the focus. */
  wanted: IWantedStop | null;
  onLoadMore: (group: JobGroup) => void;
  onDismiss: () => void;
  onClearFilter: () => void;
  onNewJob: () => void;
  onRetry: () => void;
  onRetryGateway: (gateway: Gateway) => void;
  trans: TranslationBundle;
}

/** All jobs in the order of what a person must do. */
export function JobsList(props: IJobsListProps): JSX.Element {
  const { snapshot, now, trans } = props;
  return (
    <div className="jp-BatchJobs-list" data-state={snapshot.state}>
      {snapshot.state === 'loading' && (
        <div
          className="jp-BatchJobs-loading"
          role="progressbar"
          aria-label={trans.__('Loading jobs')}
        />
      )}
      <ServerNotice
        snapshot={snapshot}
        now={now}
        onRetry={props.onRetry}
        trans={trans}
      />
      {props.error && snapshot.staleSince === null && (
        <Notice
          tone="error"
          text={errorText(props.error, trans)}
          action={{ label: trans.__('Retry'), run: props.onRetry }}
        />
      )}
      <GatewayNotices
        gateways={snapshot.gateways}
        now={now}
        onRetry={props.onRetryGateway}
        trans={trans}
      />
      <MissingGatewayNotices snapshot={snapshot} trans={trans} />
      <div role="status" className="jp-BatchJobs-srOnly">
        {snapshot.counts && countsText(snapshot.counts, trans)}
      </div>
      {isEmpty(snapshot) ? <NothingYet {...props} /> : <JobsGrid {...props} />}
    </div>
  );
}

function isEmpty(snapshot: IJobsSnapshot): boolean {
  const { counts } = snapshot;
  return JOB_GROUPS.every(
    group =>
      snapshot.groups[group].rows.length === 0 && (counts?.[group] ?? 0) === 0
  );
}

/** What there is to do while there are no jobs; nothing before that is known. */
function NothingYet(props: IJobsListProps): JSX.Element | null {
  const { snapshot, trans } = props;
  if (snapshot.counts === null) {
    return null;
  }
  if (props.isFiltered) {
    return <NothingFound {...props} />;
  }
  return (
    <div className="jp-BatchJobs-empty">
      <p>
        {trans.__(
          'No jobs yet. Run a notebook as a batch job: right-click it, or New job.'
        )}
      </p>
      <button
        type="button"
        className="jp-BatchJobs-link"
        onClick={props.onNewJob}
      >
        {trans.__('New job')}
      </button>
    </div>
  );
}

/** What there is to do while a filter shows no job; nothing while that is still looked up. */
function NothingFound(props: IJobsListProps): JSX.Element | null {
  const { trans } = props;
  if (props.snapshot.state === 'loading') {
    return null;
  }
  return (
    <div className="jp-BatchJobs-empty">
      <p>{trans.__('No job fits the filter.')}</p>
      <button
        type="button"
        className="jp-BatchJobs-link"
        onClick={props.onClearFilter}
      >
        {trans.__('Show all jobs')}
      </button>
    </div>
  );
}

/** The rows of all groups, and below them what can be done to the selected ones. */
function JobsGrid(props: IJobsListProps): JSX.Element {
  const { snapshot, actions, selection, trans } = props;
  const now = countedTo(props.now, snapshot.staleSince);
  const rows = JOB_GROUPS.flatMap(group => snapshot.groups[group].rows);
  const focus = useGridFocus(props, rows);
  const sections = sectionsOf(snapshot, props.now);
  const titles = gatewayTitles(snapshot.gateways);
  const orders = ordersOf(snapshot.gateways);
  return (
    <>
      <div
        ref={focus.ref}
        role="grid"
        aria-label={trans.__('Batch jobs')}
        aria-busy={snapshot.state === 'loading'}
        aria-multiselectable="true"
        onFocus={focus.onFocus}
        onKeyDown={focus.onKeyDown}
      >
        {sections.map(section => (
          <JobGroupSection
            key={section.name}
            section={section}
            gatewayTitles={titles}
            orders={orders}
            now={now}
            stop={focus.stop}
            selected={selection.ids}
            onSelect={props.selecting.toggle}
            onExtend={id =>
              props.selecting.extend(
                null,
                id,
                rows.map(row => row.id)
              )
            }
            actions={actions}
            onLoadMore={props.onLoadMore}
            onDismiss={props.isFiltered ? null : props.onDismiss}
            trans={trans}
          />
        ))}
      </div>
      <SelectionBar
        selected={rows.filter(({ id }) => selection.ids.has(id))}
        label={trans.__('Selected jobs')}
        selection={selection}
        actions={props.selecting}
        fits={(action, row) => fits(action, row, ordersFor(row, orders))}
        onLeave={focus.take}
        trans={trans}
      />
    </>
  );
}

/** What keys do in the list of these jobs. */
function useGridFocus(
  props: IJobsListProps,
  rows: readonly JobRow[]
): IListFocus {
  const { snapshot, actions, selecting, selection } = props;
  const order = rows.map(row => row.id);
  const rowOf = (stop: HTMLElement): JobRow | undefined =>
    rows.find(row => row.id === stop.dataset.jobId);
  const stops = sectionsOf(snapshot, props.now).flatMap(section =>
    stopsOfSection(section, !props.isFiltered)
  );
  const firstRow = rows.length > 0 ? `job:${rows[0].id}` : null;
  return useListFocus(stops, firstRow ?? stops[0] ?? null, props.wanted, {
    nameOf: stop => rowOf(stop)?.name ?? '',
    onEnter: stop => withRow(rowOf(stop), actions.open),
    onDelete: stop => withRow(rowOf(stop), row => remove(row, actions)),
    select: {
      toggle: stop => withRow(rowOf(stop), row => selecting.toggle(row.id)),
      extend: (from, to) =>
        selecting.extend(
          from.dataset.jobId ?? '',
          to.dataset.jobId ?? '',
          order
        ),
      selectAll: () => selecting.selectAll(order),
      clear: () => {
        const isAny = selection.ids.size > 0 || selection.result !== null;
        selecting.clear();
        return isAny;
      }
    }
  });
}

/** Ask to cancel a job, or to forget it once it is over. */
function remove(row: JobRow, actions: IJobActions): void {
  if (canCancel(row)) {
    actions.cancel(row);
  } else if (isOver(row)) {
    actions.forget(row);
  }
}

function withRow(row: JobRow | undefined, action: (row: JobRow) => void): void {
  if (row) {
    action(row);
  }
}

/** Titles by id; empty where there is one gateway only, which need not be named. */
function gatewayTitles(
  gateways: readonly Gateway[]
): ReadonlyMap<string, string> {
  return new Map(
    gateways.length > 1
      ? gateways.map(gateway => [gateway.id, gateway.title])
      : []
  );
}

/** The counts of all groups in one sentence, for those who do not see the list. */
function countsText(counts: JobCounts, trans: TranslationBundle): string {
  return trans.__(
    '%1 need you, %2 running, %3 queued, %4 finished',
    countText(counts.needs_you),
    countText(counts.running),
    countText(counts.queued),
    countText(counts.finished)
  );
}
