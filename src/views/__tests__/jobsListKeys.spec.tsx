import { act, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import * as React from 'react';

import type { JobRow } from '../../model/contract';
import { JobsList } from '../jobs/JobsList';
import type { IJobsListProps } from '../jobs/JobsList';
import { typeAhead } from '../jobs/listKeys';
import {
  makeGateway,
  makeRow,
  makeSelection,
  makeSnapshot,
  NOW,
  spyActions,
  spySelecting,
  trans
} from './fixtures';
import { setUpList } from './listHarness';

function setUp(rows: JobRow[]) {
  const actions = spyActions();
  const props: IJobsListProps = {
    snapshot: makeSnapshot(rows),
    isFiltered: false,
    error: null,
    now: NOW,
    actions,
    selection: makeSelection(),
    selecting: spySelecting(),
    wanted: null,
    onLoadMore: jest.fn(),
    onDismiss: jest.fn(),
    onClearFilter: jest.fn(),
    onNewJob: jest.fn(),
    onRetry: jest.fn(),
    onRetryGateway: jest.fn(),
    trans
  };
  const view = render(<JobsList {...props} />);
  const show = (next: JobRow[]): void =>
    view.rerender(<JobsList {...props} snapshot={makeSnapshot(next)} />);
  return { actions, props, show, user: userEvent.setup() };
}

const JOBS = [
  makeRow({ phase: 'ERROR', seen: false, reason: 'memory', name: 'alpha' }, 1),
  makeRow({ name: 'beta 1' }, 2),
  makeRow({ name: 'beta 2' }, 3),
  makeRow({ name: 'gamma', phase: 'QUEUED' }, 4)
];

/** Where the focus is: the name of a row, or what is on a button. */
function focused(): string {
  const node = document.activeElement;
  return (
    node?.getAttribute('aria-label')?.split(',')[0] ?? node?.textContent ?? ''
  );
}

it('the list is one stop of the tab key, and begins at the first job', async () => {
  const { user } = setUp(JOBS);
  await user.tab();
  expect(focused()).toBe('alpha');
  await user.tab();
  expect(document.body).toHaveFocus();
});

it('arrows go up and down, through the buttons of groups too', async () => {
  const { user } = setUp(JOBS);
  await user.tab();
  await user.keyboard('{ArrowDown}');
  expect(focused()).toBe('beta 1');
  await user.keyboard('{ArrowDown}{ArrowDown}{ArrowDown}{ArrowDown}');
  expect(focused()).toBe('gamma');
  await user.keyboard('{Home}');
  expect(focused()).toBe('Dismiss');
  await user.keyboard('{ArrowUp}');
  expect(focused()).toBe('Dismiss');
  await user.keyboard('{End}');
  expect(focused()).toBe('gamma');
});

it('coming back by the tab key leads to where one was', async () => {
  const { user } = setUp(JOBS);
  await user.tab();
  await user.keyboard('{End}');
  await user.tab();
  await user.tab({ shift: true });
  expect(focused()).toBe('gamma');
});

it('arrows go sideways to the buttons of a row and back', async () => {
  const { user, actions } = setUp([makeRow({ name: 'beta' })]);
  await user.tab();
  await user.keyboard('{ArrowRight}');
  expect(focused()).toBe('Open output of beta');
  await user.keyboard('{ArrowRight}{Enter}');
  expect(actions.openLog).toHaveBeenCalledTimes(1);
  expect(actions.open).not.toHaveBeenCalled();
  await user.keyboard('{ArrowLeft}{ArrowLeft}{ArrowLeft}');
  expect(focused()).toBe('beta');
});

it('Enter opens, Delete asks to cancel what can be cancelled', async () => {
  const { user, actions } = setUp(JOBS);
  await user.tab();
  await user.keyboard('{Enter}{Delete}');
  expect(actions.open).toHaveBeenCalledWith(JOBS[0]);
  expect(actions.cancel).not.toHaveBeenCalled();
  await user.keyboard('{ArrowDown}{Delete}');
  expect(actions.cancel).toHaveBeenCalledWith(JOBS[1]);
});

it.each(['{Shift>}{F10}{/Shift}', '{ContextMenu}'])(
  '%s opens the menu of the row',
  async key => {
    const { user } = setUp(JOBS);
    const asked = jest.fn();
    document.body.addEventListener('contextmenu', asked, { once: true });
    await user.tab();
    await user.keyboard(key);
    expect(asked).toHaveBeenCalledTimes(1);
    const event: Event = asked.mock.calls[0][0];
    expect(event.target).toBe(document.activeElement);
  }
);

it('typing finds a job by its name, spaces and all', async () => {
  const { user, actions } = setUp(JOBS);
  await user.tab();
  await user.keyboard('Beta 2');
  expect(focused()).toBe('beta 2');
  expect(actions.open).not.toHaveBeenCalled();
});

it('typing another name after a while begins anew', () => {
  const first = typeAhead({ text: '', atMs: 0 }, 'b', 5_000);
  expect(typeAhead(first, 'e', 5_300).text).toBe('be');
  expect(typeAhead(first, 'g', 7_000).text).toBe('g');
});

it('keys of the application stay its own', async () => {
  const { user } = setUp(JOBS);
  const outside = jest.fn();
  document.body.addEventListener('keydown', outside);
  await user.tab();
  outside.mockClear();
  await user.keyboard('{Control>}b{/Control}');
  expect(focused()).toBe('alpha');
  expect(outside).toHaveBeenCalled();
  document.body.removeEventListener('keydown', outside);
});

it('the focus stays on its job when that moves to another group', async () => {
  const { user, show } = setUp(JOBS);
  await user.tab();
  await user.keyboard('{End}');
  act(() => show([...JOBS.slice(0, 3), { ...JOBS[3], phase: 'EXECUTING' }]));
  expect(focused()).toBe('gamma');
  act(() => show([...JOBS.slice(0, 3), { ...JOBS[3], phase: 'COMPLETED' }]));
  expect(focused()).toBe('gamma');
});

it('the focus goes to the next job when its own vanishes', async () => {
  const { user, show } = setUp(JOBS);
  await user.tab();
  await user.keyboard('{ArrowDown}');
  act(() => show([JOBS[0], JOBS[2], JOBS[3]]));
  expect(focused()).toBe('beta 2');
});

it('a list that is not focused takes no focus', () => {
  const { show } = setUp(JOBS);
  act(() => show(JOBS.slice(1)));
  expect(document.body).toHaveFocus();
});

it('a chosen job that vanished leaves a way in for the tab key', async () => {
  const { user, show } = setUp(JOBS);
  await user.tab();
  await user.keyboard('{End}');
  await user.tab();
  act(() => show(JOBS.slice(0, 3)));
  await user.tab();
  expect(focused()).toBe('alpha');
});

it.each([
  ['QUEUED', true, ['Hold', 'Change']],
  ['HELD', true, ['Release', 'Change']],
  ['EXECUTING', true, ['Suspend', 'Requeue', 'Change', 'Signal']],
  ['SUSPENDED', true, ['Resume', 'Requeue', 'Change']],
  ['COMPLETED', true, []],
  ['UNKNOWN', true, []],
  ['QUEUED', false, []],
  ['HELD', false, []],
  ['EXECUTING', false, []],
  ['SUSPENDED', false, []]
] as const)(
  'the menu of a %s job, of a gateway that can do it all: %s, offers %j',
  (phase, can, offered) => {
    const gateway = makeGateway();
    const capabilities = {
      ...gateway.capabilities,
      hold: can,
      suspend: can,
      requeue: can,
      signal: can,
      changes: can ? (['walltime_seconds'] as const).slice() : []
    };
    const row = makeRow({ phase, gateway_id: gateway.id });
    setUpList([row], {
      snapshot: makeSnapshot([row], {
        gateways: [{ ...gateway, capabilities }]
      })
    });
    const { classList } = screen.getByRole('row', { name: /^job 1,/ });
    const offers = [
      'Hold',
      'Release',
      'Suspend',
      'Resume',
      'Requeue',
      'Change',
      'Signal'
    ].filter(name => classList.contains(`jp-mod-can${name}`));
    expect(offers).toEqual(offered);
  }
);
