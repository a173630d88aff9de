import * as fc from 'fast-check';

import type { JobRow } from '../contract';
import { parseDuration, parseMemory } from '../quantity';
import { offerOf, textsOf, toPatch } from '../resubmission';

const GIBIBYTE = 2 ** 30;

const ASKED = {
  name: 'fit',
  cores: 2,
  memory_bytes: 8 * GIBIBYTE,
  walltime_seconds: 5400
};

function failed(changes: Partial<JobRow> = {}) {
  return { ...ASKED, reason: null, memory_peak_bytes: null, ...changes };
}

describe('a patch', () => {
  it('is empty while nothing was changed, whatever was asked', () => {
    fc.assert(
      fc.property(
        fc.record({
          name: fc.string(),
          cores: fc.integer({ min: 1, max: 1e6 }),
          memory_bytes: fc.integer({ min: 1, max: 2 ** 50 }),
          walltime_seconds: fc.integer({ min: 1, max: 1e8 })
        }),
        asked => {
          expect(toPatch(asked, textsOf(asked))).toEqual({
            patch: {},
            issues: []
          });
        }
      )
    );
  });

  it('holds what differs, by what it means and not by how it is written', () => {
    const texts = {
      name: 'again',
      cores: '02',
      memory: '12 GB',
      walltime: '1h 30m'
    };
    expect(toPatch(ASKED, texts).patch).toEqual({
      name: 'again',
      resources: { memory_bytes: 12 * GIBIBYTE }
    });
  });

  it('is none while a text cannot be sent, and its field says so', () => {
    const { patch, issues } = toPatch(ASKED, {
      ...textsOf(ASKED),
      memory: '12',
      walltime: ''
    });
    expect(patch).toBeNull();
    expect(issues).toEqual([
      { field: 'spec.resources.memory_bytes', code: 'not_a_size' },
      { field: 'spec.resources.walltime_seconds', code: 'required' }
    ]);
  });
});

describe('an offer', () => {
  it.each([
    [8 * GIBIBYTE, 8 * GIBIBYTE, '12 GB'],
    [GIBIBYTE, GIBIBYTE, '1.5 GB'],
    [200 * 2 ** 20, 300 * 2 ** 20, '512 MB'],
    [10 * GIBIBYTE, 10 * GIBIBYTE, '16 GB']
  ])('of %d bytes, with a peak of %d, is %s', (memory_bytes, peak, text) => {
    expect(
      offerOf(
        failed({ reason: 'memory', memory_bytes, memory_peak_bytes: peak })
      )
    ).toEqual({ field: 'memory', text });
  });

  it.each([
    [60, '2 min'],
    [3600, '1 h 30 min'],
    [5400, '2 h 15 min'],
    [86400, '1 d 12 h']
  ])('after %d s is %s', (walltime_seconds, text) => {
    expect(offerOf(failed({ reason: 'walltime', walltime_seconds }))).toEqual({
      field: 'walltime',
      text
    });
  });

  it.each([
    { reason: null },
    { reason: 'exit_nonzero', memory_peak_bytes: 8 * GIBIBYTE },
    { reason: 'memory', memory_peak_bytes: null }
  ] as const)('is none without a figure that calls for it: %p', changes => {
    expect(offerOf(failed(changes))).toBeNull();
  });

  it('can always be typed, and is more than was asked', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2 ** 48 }),
        fc.integer({ min: 1, max: 1e8 }),
        (memory_bytes, walltime_seconds) => {
          const asked = { memory_bytes, walltime_seconds };
          const memory = offerOf(
            failed({ ...asked, reason: 'memory', memory_peak_bytes: 1 })
          );
          const time = offerOf(failed({ ...asked, reason: 'walltime' }));
          expect(parseMemory(memory?.text ?? '')).toBeGreaterThan(memory_bytes);
          expect(parseDuration(time?.text ?? '')).toBeGreaterThan(
            walltime_seconds
          );
        }
      )
    );
  });
});
