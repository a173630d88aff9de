import { mkdirSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';

import { PROJECT } from '../servers/programs';

/** Leave the figures of one measure for the table. */
export function keep(measure: string, figures: Record<string, number>): void {
  const folder = path.join(PROJECT, 'test-reports/measures');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    path.join(folder, `${measure}.json`),
    JSON.stringify(figures, null, 2)
  );
}

/** Median and 95 % quantile of some times in ms. */
export function quantilesOf(
  times: readonly number[]
): Record<'p50_ms' | 'p95_ms', number> {
  return { p50_ms: quantile(times, 0.5), p95_ms: quantile(times, 0.95) };
}

/** The value below which a share of all values lies. */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = Math.ceil(share * sorted.length) - 1;
  return sorted[Math.min(sorted.length - 1, Math.max(0, place))];
}
