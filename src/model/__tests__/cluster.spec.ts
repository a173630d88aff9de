import {
  canForget,
  canStop,
  canUse,
  groupOf,
  memoryFraction,
  stateOf
} from '../cluster';
import type { ClusterGroup, ClusterState } from '../cluster';
import type { Cluster } from '../contract';
import { readExample } from './examples';

const NOW = Date.parse('2026-11-29T10:00:00Z');
const HOUR_MS = 3_600_000;

function make(changes: Partial<Cluster>): Cluster {
  return { ...(readExample('Cluster.running') as Cluster), ...changes };
}

function at(ms: number): string {
  return new Date(NOW + ms).toISOString();
}

/** Idle since, and stopping at, in ms from now. */
function idle(since: number, stop: number | null): Partial<Cluster> {
  return {
    idle_since: at(since),
    idle_stop_at: stop === null ? null : at(stop)
  };
}

const CASES: [string, Partial<Cluster>, ClusterState, ClusterGroup][] = [
  ['asked for', { phase: 'PENDING' }, 'starting', 'running'],
  ['queued', { phase: 'QUEUED' }, 'waiting', 'running'],
  ['coming up', { substate: 'starting' }, 'starting', 'running'],
  ['at work', {}, 'running', 'running'],
  ['idle just now', idle(-60_000, HOUR_MS), 'idle', 'running'],
  ['idle for long', idle(-16 * 60_000, 2 * HOUR_MS), 'idle', 'needs_you'],
  ['idle for half its time', idle(-31_000, 29_000), 'idle', 'needs_you'],
  ['idle without an end', idle(-16 * 60_000, null), 'idle', 'needs_you'],
  ['silent for a moment', { stale_since: at(-9_000) }, 'running', 'running'],
  ['silent for long', { stale_since: at(-90_000) }, 'running', 'needs_you'],
  ['being stopped', { substate: 'stopping' }, 'stopping', 'running'],
  ['stopped', { phase: 'ABORTED' }, 'stopped', 'stopped'],
  [
    'stopped as idle',
    { phase: 'COMPLETED', stale_since: at(-9e9) },
    'stopped',
    'stopped'
  ],
  ['lost', { phase: 'ERROR' }, 'failed', 'needs_you'],
  ['unknown', { phase: 'UNKNOWN' }, 'unknown', 'needs_you']
];

it.each(CASES)('a cluster that is %s', (_, changes, state, group) => {
  const cluster = make(changes);
  expect([stateOf(cluster), groupOf(cluster, NOW)]).toEqual([state, group]);
});

it.each(CASES)('what can be done with one that is %s', (_, changes, state) => {
  const cluster = make(changes);
  const isOver = state === 'stopped' || state === 'failed';
  expect(canUse(cluster)).toBe(state === 'running' || state === 'idle');
  expect(canStop(cluster)).toBe(!isOver && state !== 'stopping');
  expect(canForget({ ...cluster, native_id: null })).toBe(isOver);
  expect(canForget(cluster)).toBe(isOver || state === 'unknown');
});

it.each<[Partial<Cluster>, number | null]>([
  [{ memory_bytes: 400, memory_used_bytes: 100 }, 0.25],
  [{ memory_bytes: 400, memory_used_bytes: 500 }, 1],
  [{ memory_bytes: 0, memory_used_bytes: 0 }, null],
  [{ memory_bytes: null, memory_used_bytes: 100 }, null],
  [{ memory_bytes: 400, memory_used_bytes: null }, null],
  [{ memory_bytes: 400, memory_used_bytes: 100, phase: 'ABORTED' }, null]
])('of the memory %o is used: %p', (changes, part) => {
  expect(memoryFraction(make(changes))).toBe(part);
});
