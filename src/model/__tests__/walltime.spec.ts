import { readWalltime } from '../walltime';

it.each([
  ['90m', 5400],
  ['1-12:00', 129_600],
  ['2 h 30 min', 9000],
  ['10', 600],
  ['10y', null],
  ['', null],
  ['0', null],
  ['-5', null],
  ['soon', null],
  ['4000d', null]
])('%p is a time limit of %p seconds', (text, seconds) => {
  expect(readWalltime(text)).toBe(seconds);
});
