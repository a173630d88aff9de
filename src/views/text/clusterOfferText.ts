import type { TranslationBundle } from '@jupyterlab/translation';

import type { ClusterTotal } from '../../model/clusterForm';
import type { IOption } from '../../model/clusterOptions';
import { amountText } from './allocationText';
import { bytesText } from './quantityText';
import { countText } from './timeText';

/** How many workers there can be; nothing where that is not known. */
export function limitHint(
  most: number | null,
  trans: TranslationBundle
): string | undefined {
  return most === null
    ? undefined
    : trans._n(
        'At most %2 of the usual size',
        'At most %2 of the usual size',
        most,
        countText(most)
      );
}

/** What an option is called; a gateway's own words where only it knows. */
export function optionLabel(
  { title }: IOption,
  trans: TranslationBundle
): string {
  switch (title) {
    case 'Cores of each worker':
      return trans.__('Cores of each worker');
    case 'Memory of each worker':
      return trans.__('Memory of each worker');
    case 'Python':
      return trans.__('Python');
    default:
      return title;
  }
}

/** What may be chosen of an option, or what it is for. */
export function optionHint(
  { kind, minimum, maximum, description }: IOption,
  trans: TranslationBundle
): string | undefined {
  const text = kind === 'bytes' ? bytesText : countText;
  if (kind === 'pairs') {
    return trans.__('One NAME=value in each line');
  }
  if (minimum !== null && maximum !== null) {
    return trans.__('%1 to %2', text(minimum), text(maximum));
  }
  if (minimum !== null) {
    return trans.__('At least %1', text(minimum));
  }
  return maximum === null
    ? description || undefined
    : trans.__('At most %1', text(maximum));
}

/** What all workers are together, and what they take while they run; empty while that cannot be told. */
export function totalText(
  total: ClusterTotal | null,
  trans: TranslationBundle
): string {
  if (!total) {
    return '';
  }
  const { workers, cores, memory_bytes, isMost } = total;
  const all = trans._n(
    '%2 worker with %3 and %4 of memory in all: %5 for each hour that it runs',
    '%2 workers with %3 and %4 of memory in all: %5 for each hour that they run',
    workers,
    countText(workers),
    amountText(cores, 'cores', trans),
    bytesText(memory_bytes),
    amountText(cores, 'core_hours', trans)
  );
  return isMost ? trans.__('At most %1', all) : all;
}

/** What one press starts. */
export function offerText(
  total: ClusterTotal | null,
  trans: TranslationBundle
): string {
  return total
    ? trans._n(
        'Start %2 worker with %3 of memory',
        'Start %2 workers with %3 of memory',
        total.workers,
        countText(total.workers),
        bytesText(total.memory_bytes)
      )
    : trans.__('Start a cluster');
}
