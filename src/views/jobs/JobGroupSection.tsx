import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { JobGroup } from '../../model/contract';
import { ordersFor } from '../../model/orders';
import type { GatewayOrders } from '../../model/orders';
import type { IJobWindow } from '../../tokens';
import { groupText } from '../text/phaseText';
import { countText } from '../text/timeText';
import type { IJobActions } from './jobActions';
import { JobRowItem } from './JobRowItem';

export interface IJobGroupSectionProps {
  group: JobGroup;
  jobs: IJobWindow;
  count: number;
  /** Titles by gateway id; empty where all jobs share one gateway. */
  gatewayTitles: ReadonlyMap<string, string>;
  orders: GatewayOrders;
  now: number;
  /** The `data-stop` that takes the focus when the tab key leads into the list. */
  stop: string | null;
  /** Ids of the selected jobs. */
  selected: ReadonlySet<string>;
  /** Select one job, or no longer. */
  onSelect: (id: string) => void;
  /** Select as far as one job. */
  onExtend: (id: string) => void;
  actions: IJobActions;
  onLoadMore: (group: JobGroup) => void;
  /** Null where not all that would be dismissed is shown. */
  onDismiss: (() => void) | null;
  trans: TranslationBundle;
}

/** One group of jobs under its heading. */
export function JobGroupSection(
  props: IJobGroupSectionProps
): JSX.Element | null {
  const { group, jobs, gatewayTitles, stop, trans } = props;
  const headingId = React.useId();
  if (jobs.rows.length === 0 && props.count === 0) {
    return null;
  }
  return (
    <div role="rowgroup" aria-labelledby={headingId} data-group={group}>
      <GroupHeading {...props} headingId={headingId} />
      {jobs.rows.map(row => (
        <JobRowItem
          key={row.id}
          row={row}
          gatewayTitle={
            gatewayTitles.size > 0
              ? (gatewayTitles.get(row.gateway_id) ?? row.gateway_id)
              : null
          }
          can={ordersFor(row, props.orders)}
          now={props.now}
          isStop={stop === `job:${row.id}`}
          isSelected={props.selected.has(row.id)}
          onSelect={props.onSelect}
          onExtend={props.onExtend}
          actions={props.actions}
          trans={trans}
        />
      ))}
      {jobs.hasMore && (
        <div role="row" className="jp-BatchJobs-moreRow">
          <div role="gridcell">
            <button
              type="button"
              className="jp-BatchJobs-link"
              data-stop={`more:${group}`}
              tabIndex={stop === `more:${group}` ? 0 : -1}
              onClick={() => props.onLoadMore(group)}
            >
              {trans.__(
                'Show more (%1 of %2 shown)',
                countText(jobs.rows.length),
                countText(props.count)
              )}
            </button>
          </div>
        </div>
      )}
    </div>
  );
}

function GroupHeading(
  props: IJobGroupSectionProps & { headingId: string }
): JSX.Element {
  const { group, jobs, stop, trans } = props;
  return (
    <div role="row" className="jp-BatchJobs-groupHead">
      <span role="rowheader" id={props.headingId}>
        {groupText(group, trans)} · {countText(props.count)}
      </span>
      {props.onDismiss && canDismiss(group, jobs) && (
        <span role="gridcell">
          <button
            type="button"
            className="jp-BatchJobs-link"
            data-stop="dismiss"
            tabIndex={stop === 'dismiss' ? 0 : -1}
            title={trans.__('Move the failed jobs to Finished')}
            onClick={props.onDismiss}
          >
            {trans.__('Dismiss')}
          </button>
        </span>
      )}
    </div>
  );
}

/** The `data-stop` of all places of a group where the focus can stand, from top to bottom. */
export function stopsOfGroup(
  group: JobGroup,
  jobs: IJobWindow,
  isDismissable: boolean
): string[] {
  return [
    ...(isDismissable && canDismiss(group, jobs) ? ['dismiss'] : []),
    ...jobs.rows.map(row => `job:${row.id}`),
    ...(jobs.hasMore ? [`more:${group}`] : [])
  ];
}

/** Failed jobs can be put with the finished ones once they were looked at. */
function canDismiss(group: JobGroup, jobs: IJobWindow): boolean {
  return group === 'needs_you' && jobs.rows.some(row => row.phase === 'ERROR');
}
