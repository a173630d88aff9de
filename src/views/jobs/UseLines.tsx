import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Allocation } from '../../model/contract';
import {
  amountText,
  holderText,
  leftOf,
  plainAmountText
} from '../text/allocationText';

/** Allocations, each with what is used of it, the fullest first. */
export function UseLines(props: {
  allocations: readonly Allocation[];
  trans: TranslationBundle;
}): JSX.Element {
  const { allocations, trans } = props;
  return (
    <ul className="jp-BatchJobs-uses">
      {[...allocations].sort(byFullness).map(one => (
        <li key={keyOf(one)} title={titleOf(one, trans)}>
          <UseLine one={one} trans={trans} />
        </li>
      ))}
    </ul>
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
  if (one.period === 'each_job') {
    return trans.__('at most %1 in each job', most);
  }
  return used === null
    ? trans.__('at most %1', most)
    : trans.__(
        '%1 of %2 used',
        plainAmountText(used + (reserved ?? 0), unit),
        most
      );
}

function titleOf(one: Allocation, trans: TranslationBundle): string {
  const name = `${one.limit} ${one.resource}`;
  return one.period === 'fading'
    ? trans.__('%1; older use counts less', name)
    : name;
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
