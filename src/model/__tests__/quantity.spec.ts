import * as fc from 'fast-check';

import {
  formatDuration,
  formatDurationExactly,
  formatMemory,
  formatMemoryExactly,
  formatMemoryOf,
  parseCores,
  parseDuration,
  parseMemory
} from '../quantity';
import { readJson } from './examples';

type Table = Record<
  'memory' | 'duration',
  { text: string; value: number | null }[]
>;

const TABLE = readJson('quantities.json') as Table;

const safe = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });

function expectSafe(value: number | null): void {
  if (value !== null) {
    expect(Number.isSafeInteger(value)).toBe(true);
  }
}

describe('memory', () => {
  it.each(TABLE.memory)('reads "$text" as $value', ({ text, value }) => {
    expect(parseMemory(text)).toBe(value);
  });

  it('reads what was copied from a page that is read from right to left', () => {
    expect(parseMemory('\u20681.5 GB\u2069')).toBe(1.5 * 2 ** 30);
    expect(parseDuration('\u20681 h 30 min\u2069')).toBe(5400);
  });

  it('reads back exactly what it writes exactly', () => {
    fc.assert(
      fc.property(safe, bytes => {
        expect(parseMemory(formatMemoryExactly(bytes))).toBe(bytes);
      })
    );
  });

  it('reads back roughly what it writes for reading', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 52 }), bytes => {
        const read = parseMemory(formatMemory(bytes)) ?? -1;
        expect(Math.abs(read - bytes)).toBeLessThanOrEqual(bytes * 0.05 + 1);
      })
    );
  });

  it('never gives what is no safe number, whatever is typed', () => {
    fc.assert(fc.property(fc.string(), text => expectSafe(parseMemory(text))));
    const unit = fc.constantFrom('B', 'K', 'MB', 'GiB', 'T');
    fc.assert(
      fc.property(fc.double({ min: 0 }), unit, (size, name) =>
        expectSafe(parseMemory(`${size}${name}`))
      )
    );
  });

  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1536 * 1024 ** 2, '1.5 GB'],
    [1024 ** 3 - 1, '1 GB'],
    [5000 * 1024 ** 4, '5000 TB']
  ])('writes %d as "%s"', (bytes, text) => {
    expect(formatMemory(bytes)).toBe(text);
  });

  it.each([
    [6.1 * 2 ** 30, 2 ** 33, '6.1 / 8 GB'],
    [288.6 * 2 ** 20, 2 ** 28, '289 / 256 MB'],
    [1.7 * 2 ** 20, 2 ** 30, '< 0.1 / 1 GB'],
    [0, 2 ** 30, '0 / 1 GB']
  ])('writes %d of %d as %s', (used, amount, text) => {
    expect(formatMemoryOf(used, amount)).toBe(text);
  });
});

describe('duration', () => {
  it.each(TABLE.duration)('reads "$text" as $value', ({ text, value }) => {
    expect(parseDuration(text)).toBe(value);
  });

  it('reads back exactly what it writes', () => {
    fc.assert(
      fc.property(safe, seconds => {
        expect(parseDuration(formatDurationExactly(seconds))).toBe(seconds);
        expect(parseDuration(formatDuration(seconds, 4))).toBe(seconds);
      })
    );
  });

  it('never gives what is no safe number, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string(), text => expectSafe(parseDuration(text)))
    );
    const part = fc.tuple(
      fc.bigInt({ min: 0n }),
      fc.constantFrom('d', 'h', '-', ':')
    );
    fc.assert(
      fc.property(fc.array(part), parts =>
        expectSafe(parseDuration(parts.flat().join('')))
      )
    );
  });

  it.each([
    [0, '0 s'],
    [-5, '0 s'],
    [59.9, '59 s'],
    [3600, '1 h'],
    [5400, '1 h 30 min'],
    [86400 + 59, '1 d'],
    [2 * 86400 + 3 * 3600 + 59, '2 d 3 h']
  ])('writes %d s as "%s"', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });
});

describe('cores', () => {
  it.each([
    ['4', 4],
    [' 12 ', 12],
    ['0', 0],
    ['-1', -1],
    ['NaN', null],
    ['1e30', null],
    ['1000000000000000000000000000000', null],
    ['1.5', null],
    ['٣', null],
    ['', null]
  ])('reads "%s" as %p', (text, value) => {
    expect(parseCores(text)).toBe(value);
  });
});
