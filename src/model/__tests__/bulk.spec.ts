import * as fc from 'fast-check';

import { BULK_ACTIONS, fits, inCalls, leftOver } from '../bulk';
import type { Phase } from '../contract';

const FITTING: [Phase, string[]][] = [
  ['PENDING', ['cancel']],
  ['HELD', ['cancel', 'release']],
  ['QUEUED', ['cancel', 'hold']],
  ['EXECUTING', ['cancel']],
  ['SUSPENDED', ['cancel']],
  ['UNKNOWN', ['cancel']],
  ['COMPLETED', ['resubmit', 'forget']],
  ['ERROR', ['resubmit', 'forget']],
  ['ABORTED', ['resubmit', 'forget']],
  ['ARCHIVED', ['resubmit', 'forget']]
];

it.each(FITTING)('a job that is %s can be: %p', (phase, actions) => {
  const row = { phase, substate: null };
  expect(BULK_ACTIONS.filter(action => fits(action, row, true))).toEqual(
    actions
  );
});

it('a gateway that cannot hold jobs is not asked to', () => {
  for (const phase of ['HELD', 'QUEUED'] as const) {
    const row = { phase, substate: null };
    expect(BULK_ACTIONS.filter(action => fits(action, row, false))).toEqual([
      'cancel'
    ]);
  }
});

it('a job that is being cancelled is not cancelled again', () => {
  const row = { phase: 'EXECUTING', substate: 'cancelling' } as const;
  expect(fits('cancel', row, true)).toBe(false);
});

it('every call is one that the server takes, and none is left out', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer(), { maxLength: 50 }),
      fc.integer({ min: 1, max: 20 }),
      (items, most) => {
        const calls = inCalls(items, most);
        expect(calls.flat()).toEqual(items);
        expect(
          calls.every(call => call.length > 0 && call.length <= most)
        ).toBe(true);
      }
    )
  );
  expect(inCalls(Array(2001).fill(0)).map(call => call.length)).toEqual([
    1000, 1000, 1
  ]);
});

it('what was refused or failed can be tried again, the rest cannot', () => {
  const outcomes = [
    'ok',
    'already_final',
    'denied',
    'not_found',
    'error'
  ] as const;
  const items = outcomes.map(outcome => ({
    job_id: outcome,
    name: outcome,
    outcome,
    message: null
  }));
  expect(leftOver({ action: 'cancel', items })).toEqual(['denied', 'error']);
});
