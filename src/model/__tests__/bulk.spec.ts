import * as fc from 'fast-check';

import { BULK_ACTIONS, fits, inCalls, leftOver } from '../bulk';
import type { Phase } from '../contract';
import type { Orders } from '../orders';

const ALL: Orders = {
  hold: true,
  suspend: true,
  requeue: true,
  signal: true,
  changes: ['walltime_seconds'],
  task_orders: true
};

const FITTING: [Phase, string[]][] = [
  ['PENDING', ['cancel']],
  ['HELD', ['cancel', 'release', 'change']],
  ['QUEUED', ['cancel', 'hold', 'change']],
  ['EXECUTING', ['cancel', 'suspend', 'requeue', 'change', 'signal']],
  ['SUSPENDED', ['cancel', 'resume', 'requeue', 'change']],
  ['UNKNOWN', ['cancel']],
  ['COMPLETED', ['resubmit', 'forget']],
  ['ERROR', ['resubmit', 'forget']],
  ['ABORTED', ['resubmit', 'forget']],
  ['ARCHIVED', ['resubmit', 'forget']]
];

it.each(FITTING)('a job that is %s can be: %p', (phase, actions) => {
  const row = { phase, substate: null };
  expect(BULK_ACTIONS.filter(action => fits(action, row, ALL))).toEqual(
    actions
  );
});

it.each(['HELD', 'QUEUED', 'EXECUTING', 'SUSPENDED'] as const)(
  'a gateway that can do nothing of it is only asked to cancel a %s job',
  phase => {
    const row = { phase, substate: null };
    const can = {
      hold: false,
      suspend: false,
      requeue: false,
      signal: false,
      changes: [],
      task_orders: false
    };
    expect(BULK_ACTIONS.filter(action => fits(action, row, can))).toEqual([
      'cancel'
    ]);
  }
);

it.each(['HELD', 'QUEUED', 'EXECUTING', 'SUSPENDED'] as const)(
  'to a %s job that is being cancelled nothing is done',
  phase => {
    const row = { phase, substate: 'cancelling' } as const;
    expect(BULK_ACTIONS.filter(action => fits(action, row, ALL))).toEqual([]);
  }
);

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
    id: outcome,
    name: outcome,
    outcome,
    message: null
  }));
  expect(leftOver({ action: 'cancel', items })).toEqual(['denied', 'error']);
});
