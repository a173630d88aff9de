import fc from 'fast-check';

import type { JobEvent, Phase } from '../contract';
import { isLimitDrawn, secondsIn, timelineOf } from '../timeline';

const START = Date.parse('2026-11-22T22:00:00Z');

function happened(...steps: [Phase, number, number?][]): JobEvent[] {
  return steps.map(([phase, minute, attempt = 1]) => ({
    at: new Date(START + minute * 60_000).toISOString(),
    phase,
    attempt,
    reason: null,
    reason_text: null
  }));
}

const HOUR = { phase: 'EXECUTING', walltime_seconds: 3_600 } as const;
const at = (minute: number): number => START + minute * 60_000;

it('a job that runs waited, runs until now, and has its limit', () => {
  const events = happened(['PENDING', 0], ['QUEUED', 0], ['EXECUTING', 6]);
  expect(timelineOf(events, HOUR, at(20))).toEqual({
    spans: [
      { phase: 'QUEUED', from: at(0), to: at(6) },
      { phase: 'EXECUTING', from: at(6), to: at(20) }
    ],
    begin: at(0),
    end: at(20),
    limit: at(66)
  });
});

it('a job that is over ends with its run, whatever time it is', () => {
  const events = happened(['QUEUED', 0], ['EXECUTING', 6], ['ERROR', 9]);
  const line = timelineOf(events, { ...HOUR, phase: 'ERROR' }, at(999));
  expect(line?.end).toBe(at(9));
});

it('a job that waits has no limit yet', () => {
  const line = timelineOf(happened(['QUEUED', 0]), HOUR, at(1));
  expect(line?.limit).toBeNull();
  expect(timelineOf([], HOUR, at(1))).toBeNull();
});

it('another attempt has another limit, a pause has not', () => {
  const paused = happened(['EXECUTING', 0], ['SUSPENDED', 5], ['EXECUTING', 9]);
  expect(timelineOf(paused, HOUR, at(10))?.limit).toBe(at(60));
  const again = happened(
    ['EXECUTING', 0],
    ['QUEUED', 5, 2],
    ['EXECUTING', 9, 2]
  );
  const line = timelineOf(again, HOUR, at(10));
  expect(line?.limit).toBe(at(69));
  expect([...secondsIn(line?.spans ?? [])]).toEqual([
    ['EXECUTING', 360],
    ['QUEUED', 240]
  ]);
});

it('a limit far beyond the end of a job that is over is not drawn', () => {
  const short = timelineOf(
    happened(['EXECUTING', 0], ['COMPLETED', 1]),
    HOUR,
    at(1)
  );
  const long = timelineOf(
    happened(['EXECUTING', 0], ['COMPLETED', 50]),
    HOUR,
    at(50)
  );
  if (!short || !long) {
    throw new Error('Both ran.');
  }
  expect(isLimitDrawn(short, 'COMPLETED')).toBe(false);
  expect(isLimitDrawn(short, 'EXECUTING')).toBe(true);
  expect(isLimitDrawn(long, 'COMPLETED')).toBe(true);
});

it('whatever the clocks say, no time is negative and none is counted twice', () => {
  const phase = fc.constantFrom<Phase>('QUEUED', 'EXECUTING', 'HELD', 'ERROR');
  const step = fc.tuple(phase, fc.integer({ min: -99, max: 99 }));
  fc.assert(
    fc.property(
      fc.array(step),
      fc.integer({ min: -99, max: 99 }),
      (all, now) => {
        const line = timelineOf(happened(...all), HOUR, at(now));
        for (const { from, to } of line?.spans ?? []) {
          expect(to).toBeGreaterThan(from);
        }
        expect((line?.end ?? 1) > (line?.begin ?? 0)).toBe(true);
      }
    )
  );
});
