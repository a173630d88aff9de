import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Allocation } from '../../model/contract';
import type {
  AllocationsSnapshot,
  GatewayAllocations
} from '../../stores/allocations';
import { amountText, holderText, leftOf } from '../text/allocationText';
import { errorText } from '../text/errorText';
import { exactTimeText } from '../text/timeText';
import { Notice } from './Notices';

export interface IAllocationsListProps {
  gateways: AllocationsSnapshot;
  onRefresh: () => void;
  trans: TranslationBundle;
}

/** What may be used of each gateway, the fullest first. */
export function AllocationsList(props: IAllocationsListProps): JSX.Element {
  const { gateways, onRefresh, trans } = props;
  return (
    <div className="jp-BatchJobs-allocations">
      {gateways.length === 0 && (
        <p>{trans.__('No gateway charges your jobs to an account.')}</p>
      )}
      {gateways.map(gateway => (
        <OfGateway
          key={gateway.id}
          gateway={gateway}
          isNamed={gateways.length > 1}
          trans={trans}
        />
      ))}
      {gateways.length > 0 && (
        <button type="button" className="jp-BatchJobs-link" onClick={onRefresh}>
          {trans.__('Ask again')}
        </button>
      )}
    </div>
  );
}

function OfGateway(props: {
  gateway: GatewayAllocations;
  isNamed: boolean;
  trans: TranslationBundle;
}): JSX.Element {
  const { gateway, isNamed, trans } = props;
  const { list, error } = gateway;
  const shared = list?.allocations.filter(isOfMany) ?? [];
  return (
    <div role="group" aria-label={gateway.title}>
      {isNamed && <h3>{gateway.title}</h3>}
      {error && <Notice tone="error" text={errorText(error, trans)} />}
      {list && shared.length > 0 && (
        <ul>
          {[...shared].sort(byFullness).map(one => (
            <li key={keyOf(one)} title={titleOf(one, trans)}>
              <UseLine one={one} trans={trans} />
            </li>
          ))}
        </ul>
      )}
      {list && shared.length === 0 && !list.missing && (
        <p>{trans.__('Nothing is limited.')}</p>
      )}
      {list?.missing && <p>{list.missing}</p>}
      {list?.as_of && (
        <p className="jp-BatchJobs-quiet">
          {trans.__('As of %1', exactTimeText(list.as_of))}
        </p>
      )}
    </div>
  );
}

function UseLine(props: {
  one: Allocation;
  trans: TranslationBundle;
}): JSX.Element {
  const { one, trans } = props;
  const full = fullnessOf(one);
  const text = useText(one, trans);
  return (
    <>
      <div className="jp-BatchJobs-allocationHead">
        <span>{holderText(one, trans)}</span>
        <span className="jp-BatchJobs-quiet">{text}</span>
      </div>
      {full !== null && (
        <progress value={Math.min(1, full)} aria-label={text} />
      )}
    </>
  );
}

/** What is used of how much. */
function useText(one: Allocation, trans: TranslationBundle): string {
  const { granted, used, reserved, unit } = one;
  if (granted === null) {
    return trans.__('%1 used', amountText(used ?? 0, unit, trans));
  }
  const most = amountText(granted, unit, trans);
  return used === null
    ? trans.__('at most %1', most)
    : trans.__(
        '%1 of %2 used',
        amountText(used + (reserved ?? 0), unit, trans),
        most
      );
}

function titleOf(one: Allocation, trans: TranslationBundle): string {
  const name = `${one.limit} ${one.resource}`;
  return one.period === 'fading'
    ? trans.__('%1; older use counts less', name)
    : name;
}

/** Whether it is used up by several jobs; what each job may use is said in the form. */
function isOfMany({ period }: Allocation): boolean {
  return period !== 'each_job';
}

function byFullness(one: Allocation, other: Allocation): number {
  return (fullnessOf(other) ?? -1) - (fullnessOf(one) ?? -1);
}

function fullnessOf(one: Allocation): number | null {
  const left = leftOf(one);
  return left === null || !one.granted ? null : 1 - left / one.granted;
}

function keyOf(one: Allocation): string {
  const { account, user, qos, queue, limit, resource } = one;
  return [account, user, qos, queue, limit, resource].join(' ');
}
