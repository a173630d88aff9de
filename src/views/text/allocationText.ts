import type { TranslationBundle } from '@jupyterlab/translation';

import type { Allocation, AllocationUnit, Cost } from '../../model/contract';
import { bytesText } from './quantityText';

/** An amount with its unit: `41,200 core-hours`. */
export function amountText(
  amount: number,
  unit: AllocationUnit,
  trans: TranslationBundle
): string {
  const shown = numberText(amount);
  switch (unit) {
    case 'cores':
      return trans._n('%2 core', '%2 cores', amount, shown);
    case 'core_hours':
      return trans._n('%2 core-hour', '%2 core-hours', amount, shown);
    case 'gpus':
      return trans._n('%2 GPU', '%2 GPUs', amount, shown);
    case 'gpu_hours':
      return trans.__('%1 GPU-hours', shown);
    case 'nodes':
      return trans._n('%2 node', '%2 nodes', amount, shown);
    case 'node_hours':
      return trans.__('%1 node-hours', shown);
    case 'bytes':
      return bytesText(amount);
    case 'gigabyte_hours':
      return trans.__('%1 GB-hours', shown);
    case 'jobs':
      return trans._n('%2 running job', '%2 running jobs', amount, shown);
    case 'submitted_jobs':
      return trans._n('%2 job', '%2 jobs', amount, shown);
    case 'hours':
      return trans.__('%1 h', shown);
    case 'units':
      return trans.__('%1 units', shown);
    case 'unit_hours':
      return trans.__('%1 unit-hours', shown);
  }
}

/** An amount without its unit, which stands behind another one. */
export function plainAmountText(amount: number, unit: AllocationUnit): string {
  return unit === 'bytes' ? bytesText(amount) : numberText(amount);
}

function numberText(amount: number): string {
  const maximumFractionDigits = Math.abs(amount) < 1000 ? 1 : 0;
  return new Intl.NumberFormat(undefined, { maximumFractionDigits }).format(
    amount
  );
}

/** What a submission takes: `up to 3,000 core-hours, likely 1,600`. */
export function costText(
  { at_most, likely, unit }: Cost,
  trans: TranslationBundle
): string {
  const most = amountText(at_most, unit, trans);
  return likely === null
    ? trans.__('up to %1', most)
    : trans.__('up to %1, likely %2', most, numberText(likely));
}

/** Whose an allocation is: an account, a quality of service, the user's part of either; and where. Or a queue. */
export function holderText(
  { account, user, qos, queue, queues }: Allocation,
  trans: TranslationBundle
): string {
  const whose = qos ?? account ?? '';
  const where = queue ?? queues.join(', ');
  const name =
    where === ''
      ? whose
      : whose === ''
        ? trans.__('Queue %1', where)
        : trans.__('%1 in %2', whose, where);
  return user === null ? name : trans.__('%1, yours', name);
}

/** How much is left: `41,200 core-hours of 100,000`; null where nobody knows. */
export function leftText(
  one: Allocation,
  trans: TranslationBundle
): string | null {
  const left = leftOf(one);
  return left === null || one.granted === null
    ? null
    : trans.__(
        '%1 of %2',
        amountText(Math.max(0, left), one.unit, trans),
        plainAmountText(one.granted, one.unit)
      );
}

/** What may still be taken; null where there is no limit or nobody knows what is used. */
export function leftOf({ granted, used, reserved }: Allocation): number | null {
  return granted === null || used === null
    ? null
    : granted - used - (reserved ?? 0);
}
