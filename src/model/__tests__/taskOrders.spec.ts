import type { ActionResult, Phase } from '../contract';
import type { Orders } from '../orders';
import { fitsTask, isTaskAction, taskOutcomes } from '../taskOrders';
import { BULK_ACTIONS } from '../bulk';
import { readExample } from './examples';

const TASK_ACTIONS = BULK_ACTIONS.filter(isTaskAction);

const ALL: Orders = {
  hold: true,
  suspend: true,
  requeue: true,
  signal: true,
  changes: ['nice'],
  task_orders: true
};

const RUNS = { phase: 'EXECUTING', substate: null } as const;
const OVER = { phase: 'ERROR', substate: null } as const;

const FITTING: [Phase, string[]][] = [
  ['QUEUED', ['cancel', 'hold']],
  ['HELD', ['cancel', 'release']],
  ['EXECUTING', ['cancel', 'suspend', 'requeue']],
  ['SUSPENDED', ['cancel', 'resume', 'requeue']],
  ['COMPLETED', []],
  ['ERROR', []]
];

it.each(FITTING)(
  'a task that is %s of an array that runs can be: %p',
  (phase, actions) => {
    expect(
      TASK_ACTIONS.filter(action => fitsTask(action, { phase }, RUNS, ALL))
    ).toEqual(actions);
  }
);

it('a task of an array that is over can only be run again', () => {
  expect(
    TASK_ACTIONS.filter(action =>
      fitsTask(action, { phase: 'QUEUED' }, OVER, ALL)
    )
  ).toEqual(['resubmit']);
});

it('what changes a whole job is none for a task', () => {
  expect(BULK_ACTIONS.filter(action => !isTaskAction(action))).toEqual([
    'change',
    'signal',
    'forget'
  ]);
});

it('one answer is for all, or each that was refused is told', () => {
  const refused = readExample('ActionResult.refused') as ActionResult;
  expect(taskOutcomes([1, 2], refused)).toEqual([
    { id: '1', outcome: 'denied', message: refused.message },
    { id: '2', outcome: 'denied', message: refused.message }
  ]);
  const some = {
    ...refused,
    refused_tasks: [{ task_indices: [2, 3], message: 'It waits.' }]
  };
  expect(taskOutcomes([1, 2, 3], some)).toEqual([
    { id: '1', outcome: 'ok', message: null },
    { id: '2', outcome: 'denied', message: 'It waits.' },
    { id: '3', outcome: 'denied', message: 'It waits.' }
  ]);
});
