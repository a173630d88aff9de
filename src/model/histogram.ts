import type { Histogram } from './contract';

/** The bars of a histogram as columns of numbers. */
export type Bars = [middles: number[], all: number[], failed: number[]];

/** Lay the bars of a histogram out. */
export function barsOf({ width, counts, failed }: Histogram): Bars {
  return [
    counts.map((_, place) => (place + 0.5) * width),
    [...counts],
    [...failed]
  ];
}

/** Where the last bar ends. */
export function endOf({ width, counts }: Histogram): number {
  return width * counts.length;
}
