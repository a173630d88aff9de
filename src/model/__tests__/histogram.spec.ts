import type { Histogram, TaskUsage } from '../contract';
import { barsOf, endOf } from '../histogram';
import { readExample } from './examples';

const { memory_bytes } = readExample('TaskUsage.some') as TaskUsage;
const SPREAD = memory_bytes as Histogram;

it('each bar stands in the middle of what it counts', () => {
  expect(barsOf(SPREAD)).toEqual([
    [2 ** 31, 3 * 2 ** 31],
    [1, 2],
    [0, 1]
  ]);
});

it('the last bar ends where the most, or what was asked, is', () => {
  expect(endOf(SPREAD)).toBe(2 ** 33);
});
