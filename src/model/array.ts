import type { JobArray } from './contract';

type Values = Extract<JobArray, { kind: 'parameters' }>['parameters'][string];

/** More indices than this are not written out here: the server refuses them anyhow. */
const MOST_LISTED = 100_000;

const RANGE = /^(\d+)\s*(?:-|\.\.)\s*(\d+)(?:\s*:\s*(\d+))?$/;

/**
 * Read which tasks an array has: `0..99`, `0-90:10`, `1, 2, 5` or several of these.
 *
 * The last index is included, and a step stands behind a colon.
 *
 * @returns null if the text says nothing like that.
 */
export function parseIndices(text: string): JobArray | null {
  const parts = text.split(',').map(part => part.trim());
  const match = parts.length === 1 ? RANGE.exec(parts[0]) : null;
  if (match) {
    const [start, stop, step] = match.slice(1).map(part => Number(part ?? 1));
    const isExact = [start, stop, step].every(Number.isSafeInteger);
    return isExact ? { kind: 'index', start, stop, step } : null;
  }
  const indices: number[] = [];
  for (const part of parts) {
    const found = readPart(part);
    if (found === null || indices.length + found.length > MOST_LISTED) {
      return null;
    }
    indices.push(...found);
  }
  return { kind: 'list', indices };
}

function readPart(part: string): number[] | null {
  const match = RANGE.exec(part) ?? /^(\d+)$/.exec(part);
  if (!match) {
    return null;
  }
  const [start, stop, step] = [match[1], match[2] ?? match[1], match[3] ?? 1];
  const count = countOf(Number(start), Number(stop), Number(step));
  if (!Number.isSafeInteger(Number(stop)) || count < 1 || count > MOST_LISTED) {
    return null;
  }
  return Array.from(
    { length: count },
    (_, place) => Number(start) + place * Number(step)
  );
}

/**
 * Write which tasks an array has as `parseIndices` reads it.
 *
 * @returns null if the array is more than indices.
 */
export function writeIndices(array: JobArray): string | null {
  if (array.only) {
    return null;
  }
  switch (array.kind) {
    case 'index': {
      const step = array.step ?? 1;
      const range = `${array.start}..${array.stop}`;
      return step === 1 ? range : `${range}:${step}`;
    }
    case 'list':
      return array.indices.join(', ');
    case 'parameters':
      return null;
  }
}

/** The number of tasks of an array. */
export function arraySize(array: JobArray): number {
  if (array.only) {
    return array.only.length;
  }
  switch (array.kind) {
    case 'index':
      return countOf(array.start, array.stop, array.step ?? 1);
    case 'list':
      return array.indices.length;
    case 'parameters': {
      const lengths = Object.values(array.parameters).map(lengthOf);
      return array.mode === 'zip'
        ? Math.max(0, ...lengths)
        : lengths.reduce((product, length) => product * length, 1);
    }
  }
}

/** The index of the task at a place among all tasks, in the order of their indices. */
export function indexAt(array: JobArray, place: number): number {
  if (array.only) {
    return inOrder(array.only)[place] ?? place;
  }
  switch (array.kind) {
    case 'index':
      return array.start + place * (array.step ?? 1);
    case 'list':
      return inOrder(array.indices)[place] ?? place;
    case 'parameters':
      return place;
  }
}

const ordered = new WeakMap<readonly number[], readonly number[]>();

/** The indices from the least on; sorted once, however often they are asked for. */
function inOrder(indices: readonly number[]): readonly number[] {
  const known =
    ordered.get(indices) ?? [...indices].sort((one, other) => one - other);
  ordered.set(indices, known);
  return known;
}

/** The index of the task that comes first. */
export function firstIndex(array: JobArray): number {
  if (array.only) {
    return leastOf(array.only);
  }
  switch (array.kind) {
    case 'index':
      return array.start;
    case 'list':
      return leastOf(array.indices);
    case 'parameters':
      return 0;
  }
}

function leastOf(indices: readonly number[]): number {
  return indices.length === 0
    ? 0
    : indices.reduce((one, other) => Math.min(one, other));
}

function lengthOf({ values, start, stop, step }: Values): number {
  return values ? values.length : countOf(start ?? 0, stop ?? -1, step ?? 1);
}

function countOf(start: number, stop: number, step: number): number {
  return step > 0 ? Math.max(0, Math.floor((stop - start) / step) + 1) : 0;
}
