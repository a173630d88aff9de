import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { JobGroup } from '../../model/contract';
import { ordersFor } from '../../model/orders';
import type { GatewayOrders } from '../../model/orders';
import { sectionText } from '../text/phaseText';
import { countText } from '../text/timeText';
import type { IJobActions } from './jobActions';
import { JobRowItem } from './JobRowItem';
import type { ListSection } from './sections';

export interface IJobGroupSectionProps {
  section: ListSection;
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

/** One part of the list under its heading. */
export function JobGroupSection(
  props: IJobGroupSectionProps
): JSX.Element | null {
  const { section, gatewayTitles, stop, trans } = props;
  const headingId = React.useId();
  if (section.rows.length === 0 && section.count === 0) {
    return null;
  }
  const more = moreOf(section);
  return (
    <div role="rowgroup" aria-labelledby={headingId} data-group={section.name}>
      <GroupHeading {...props} headingId={headingId} />
      {section.rows.map(row => (
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
      {section.hasMore && (
        <div role="row" className="jp-BatchJobs-moreRow">
          <div role="gridcell">
            <button
              type="button"
              className="jp-BatchJobs-link"
              data-stop={more}
              tabIndex={stop === more ? 0 : -1}
              onClick={() => props.onLoadMore(section.group)}
            >
              {trans.__(
                'Show more (%1 of %2 shown)',
                countText(section.rows.length),
                countText(section.count)
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
  const { section, stop, trans } = props;
  return (
    <div role="row" className="jp-BatchJobs-groupHead">
      <span role="rowheader" id={props.headingId}>
        {sectionText(section.name, trans)} · {countText(section.count)}
      </span>
      {props.onDismiss && canDismiss(section) && (
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

/** The `data-stop` of all places of a part where the focus can stand, from top to bottom. */
export function stopsOfSection(
  section: ListSection,
  isDismissable: boolean
): string[] {
  return [
    ...(isDismissable && canDismiss(section) ? ['dismiss'] : []),
    ...section.rows.map(row => `job:${row.id}`),
    ...(section.hasMore ? [moreOf(section)] : [])
  ];
}

function moreOf({ name }: ListSection): string {
  return `more:${name}`;
}

/** Failed jobs can be put with the finished ones once they were looked at. */
function canDismiss({ group, rows }: ListSection): boolean {
  return group === 'needs_you' && rows.some(row => row.phase === 'ERROR');
}
