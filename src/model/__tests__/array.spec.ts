import * as fc from 'fast-check';

import { arraySize, firstIndex, parseIndices, writeIndices } from '../array';
import type { JobArray } from '../contract';

const INDEX = { kind: 'index', step: 1 } as const;

describe('parseIndices', () => {
  it.each<[string, JobArray]>([
    ['0..999', { ...INDEX, start: 0, stop: 999 }],
    ['0-99', { ...INDEX, start: 0, stop: 99 }],
    [' 5 .. 90 : 10 ', { ...INDEX, start: 5, stop: 90, step: 10 }],
    ['7', { kind: 'list', indices: [7] }],
    ['1, 2,5', { kind: 'list', indices: [1, 2, 5] }],
    ['1,4..8:2', { kind: 'list', indices: [1, 4, 6, 8] }],
    // Which of these makes sense is for the server to say.
    ['9..0', { ...INDEX, start: 9, stop: 0 }],
    ['0..9:0', { ...INDEX, start: 0, stop: 9, step: 0 }]
  ])('reads %p', (text, array) => {
    expect(parseIndices(text)).toEqual(array);
  });

  it.each(['', 'all', '1,', '-1', '1..', '1.5', '0..9 10', '1,0..99999999999'])(
    'refuses %p',
    text => {
      expect(parseIndices(text)).toBeNull();
    }
  );

  it('never throws, and reads back what it wrote', () => {
    fc.assert(fc.property(fc.string(), text => void parseIndices(text)));
    const indices = fc.array(fc.nat(), { minLength: 1 });
    fc.assert(
      fc.property(indices, found => {
        const array: JobArray = { kind: 'list', indices: found };
        expect(parseIndices(writeIndices(array) ?? '')).toEqual(array);
      })
    );
  });
});

describe('the tasks of an array', () => {
  const product: JobArray = {
    kind: 'parameters',
    mode: 'product',
    parameters: { seed: { start: 0, stop: 9 }, band: { values: ['g', 'r'] } }
  };

  it.each<[JobArray, number, number]>([
    [{ kind: 'index', start: 0, stop: 999 }, 1000, 0],
    [{ kind: 'index', start: 5, stop: 14, step: 10 }, 1, 5],
    [{ kind: 'index', start: 5, stop: 4 }, 0, 5],
    [{ kind: 'index', start: 0, stop: 9, step: 0 }, 0, 0],
    [{ kind: 'list', indices: [8, 3] }, 2, 3],
    [{ kind: 'list', indices: [] }, 0, 0],
    [{ kind: 'list', indices: [8, 3], only: [8] }, 1, 8],
    [product, 20, 0],
    [{ ...product, mode: 'zip' }, 10, 0],
    [{ ...product, only: [7, 4] }, 2, 4]
  ])('%j are %i, from %i', (array, size, first) => {
    expect(arraySize(array)).toBe(size);
    expect(firstIndex(array)).toBe(first);
  });

  it('that are more than indices have no text', () => {
    expect(writeIndices(product)).toBeNull();
    expect(
      writeIndices({ kind: 'index', start: 0, stop: 9, only: [3] })
    ).toBeNull();
  });
});
