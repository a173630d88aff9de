import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import * as React from 'react';

import type { JobRow } from '../../model/contract';
import { JobCard } from '../job/JobCard';
import type { IJobCardProps } from '../job/JobCard';
import { PHASES, REASON_CODES } from './codes';
import { fixLocale, makeRow, NOW, spyActions, trans } from './fixtures';

fixLocale();

function setUp(row: JobRow, changes: Partial<IJobCardProps> = {}) {
  const actions = spyActions();
  const view = render(
    <JobCard
      row={row}
      gatewayTitle="Slurm"
      now={NOW}
      staleSince={null}
      actions={actions}
      isOld={false}
      error={null}
      trans={trans}
      {...changes}
    />
  );
  return {
    actions,
    text: view.container.textContent ?? '',
    user: userEvent.setup()
  };
}

it('says of a running job where it is, how far and how long', () => {
  const { text } = setUp(makeRow());
  expect(screen.getByRole('group', { name: 'job 1' })).toBeVisible();
  expect(text).toContain('Running on Slurm · short');
  expect(text).toContain('cell 7 of 18');
  expect(text).toContain('30 min of 1 h');
  expect(screen.getByRole('progressbar')).toHaveAttribute(
    'aria-valuenow',
    '39'
  );
});

it('counts its time no further than the last answer, and says how old that is', () => {
  const { text } = setUp(makeRow(), { staleSince: NOW - 5 * 60_000 });
  expect(text).toContain('25 min of 1 h · 5 min old');
});

it('does each thing with one button', async () => {
  const row = makeRow();
  const { user, actions } = setUp(row);
  for (const [name, action] of [
    ['Open', actions.open],
    ['Log', actions.openLog],
    ['Output', actions.openOutput],
    ['Cancel…', actions.cancel]
  ] as const) {
    await user.click(screen.getByRole('button', { name }));
    expect(action).toHaveBeenCalledWith(row);
  }
});

it('of a finished job says when it ended and how long it took', () => {
  const { text } = setUp(
    makeRow({ phase: 'COMPLETED', ended_at: '2026-11-22T22:40:09Z' })
  );
  expect(text).toContain('22:40 · 25 min');
  expect(screen.queryByRole('progressbar')).toBeNull();
  expect(screen.queryByRole('button', { name: 'Cancel…' })).toBeNull();
});

it.each(REASON_CODES)('says why a job failed: %s', reason => {
  const { text } = setUp(
    makeRow({ phase: 'ERROR', reason, reason_text: null, progress: null })
  );
  expect(text).toMatch(/Failed on Slurm/);
  expect(text).not.toContain('_');
});

it('is a picture where nothing can be done: no button, no running clock', () => {
  const { text } = setUp(makeRow(), { actions: null, now: null });
  expect(screen.queryByRole('button')).toBeNull();
  expect(text).not.toContain(' of 1 h');
});

it('says of a job that runs only that its program has ended unnoticed', () => {
  const reason_text = 'Its program has ended.';
  expect(setUp(makeRow({ reason_text })).text).not.toContain(reason_text);
  const unnoticed = makeRow({ reason_text, substate: 'finishing' });
  expect(setUp(unnoticed).text).toContain(reason_text);
});

it('says that it is of another time', () => {
  const { text } = setUp(makeRow(), { isOld: true });
  expect(text).toContain('As it was when this output was made.');
});

it.each(PHASES)('of phase %s says nothing that is not known', phase => {
  const { text } = setUp(
    makeRow({
      phase,
      reason: null,
      reason_text: null,
      submitted_at: null,
      started_at: null,
      ended_at: null,
      queue: null,
      progress: null,
      memory_peak_bytes: null,
      native_id: null
    })
  );
  expect(text).not.toMatch(/null|undefined|NaN|Invalid|1970/);
});
