import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';

import type { BulkResult } from '../../model/bulk';
import { bulkQuestion, resultDetails, resultText } from '../text/bulkText';
import {
  fixLocale,
  makeGateway,
  makeRow,
  makeSelection,
  makeSnapshot,
  spyActions,
  spySelecting,
  trans
} from './fixtures';
import { setUpList } from './listHarness';

fixLocale();

const JOBS = [
  makeRow({ phase: 'ERROR', seen: false, reason: 'memory', name: 'alpha' }, 1),
  makeRow({ name: 'beta' }, 2),
  makeRow({ name: 'gamma', phase: 'QUEUED' }, 3),
  makeRow({ name: 'delta', phase: 'COMPLETED' }, 4)
];
const [ALPHA, BETA, GAMMA, DELTA] = JOBS;
const ALL = JOBS.map(({ id }) => id);

async function setUpFocused(changes: Parameters<typeof setUpList>[1] = {}) {
  const selecting = spySelecting();
  const actions = spyActions();
  setUpList(JOBS, { selecting, actions, ...changes });
  const user = userEvent.setup();
  await user.tab();
  return { selecting, actions, user };
}

describe('by keyboard', () => {
  it('the grid says that many can be selected, and which are', async () => {
    await setUpFocused({ selection: makeSelection([BETA.id]) });
    expect(screen.getByRole('grid')).toHaveAttribute(
      'aria-multiselectable',
      'true'
    );
    const selected = screen.getAllByRole('row', { selected: true });
    expect(selected.map(row => row.dataset.jobId)).toEqual([BETA.id]);
    expect(screen.getAllByRole('row', { selected: false })).toHaveLength(3);
  });

  it('the space bar selects the focused job, and opens nothing', async () => {
    const { user, selecting, actions } = await setUpFocused();
    await user.keyboard(' {ArrowDown} ');
    expect(selecting.toggle.mock.calls).toEqual([[ALPHA.id], [BETA.id]]);
    expect(actions.open).not.toHaveBeenCalled();
  });

  it('Shift and an arrow selects on from job to job, past the buttons between', async () => {
    const { user, selecting } = await setUpFocused();
    await user.keyboard('{Shift>}{ArrowDown}{ArrowDown}{ArrowUp}{/Shift}');
    expect(selecting.extend.mock.calls).toEqual([
      [ALPHA.id, BETA.id, ALL],
      [BETA.id, GAMMA.id, ALL],
      [GAMMA.id, BETA.id, ALL]
    ]);
    expect(screen.getByRole('row', { name: /^beta/ })).toHaveFocus();
  });

  it.each(['Control', 'Meta'])('%s and A selects all', async key => {
    const { user, selecting } = await setUpFocused();
    await user.keyboard(`{${key}>}a{/${key}}`);
    expect(selecting.selectAll).toHaveBeenCalledWith(ALL);
  });

  it('Escape clears a selection, and is left to others where there is none', async () => {
    const outside = jest.fn();
    document.body.addEventListener('keydown', outside);
    const { user, selecting } = await setUpFocused({
      selection: makeSelection(ALL)
    });
    await user.keyboard('{Escape}');
    expect(selecting.clear).toHaveBeenCalledTimes(1);
    expect(outside).not.toHaveBeenCalledWith(
      expect.objectContaining({ key: 'Escape' })
    );
    document.body.removeEventListener('keydown', outside);
  });

  it('Delete asks to forget a job that is over', async () => {
    const { user, actions } = await setUpFocused();
    await user.keyboard('{Delete}{End}{Delete}');
    expect(actions.forget.mock.calls).toEqual([[ALPHA], [DELTA]]);
    expect(actions.cancel).not.toHaveBeenCalled();
  });
});

describe('by mouse', () => {
  it('a click with Control selects, one with Shift selects as far as that', async () => {
    const { user, selecting, actions } = await setUpFocused();
    const [beta, gamma] = [BETA, GAMMA].map(({ name }) =>
      screen.getByTitle(name)
    );
    await user.keyboard('{Control>}');
    await user.click(beta);
    await user.keyboard('{/Control}{Shift>}');
    await user.click(gamma);
    await user.keyboard('{/Shift}');
    expect(selecting.toggle).toHaveBeenCalledWith(BETA.id);
    expect(selecting.extend).toHaveBeenCalledWith(null, GAMMA.id, ALL);
    expect(actions.open).not.toHaveBeenCalled();
  });
});

describe('the bar', () => {
  const gateways = [makeGateway({ id: BETA.gateway_id })];

  it('is not there without a selection', () => {
    setUpList(JOBS);
    expect(screen.queryByRole('group')).toBeNull();
  });

  it('says how many an action fits, and does it to just those', async () => {
    const { selecting } = setUpList(JOBS, {
      snapshot: makeSnapshot(JOBS, { gateways }),
      selection: makeSelection(ALL)
    });
    const bar = screen.getByRole('group', { name: 'Selected jobs' });
    expect(bar).toHaveTextContent('4 selected');
    expect(
      within(bar)
        .getAllByRole('button')
        .map(button => button.textContent || button.title)
    ).toEqual([
      'Clear selection',
      'Cancel 2',
      'Hold 1',
      'Suspend 1',
      'Run 1 again from the start',
      'Change 2',
      'Send a signal to 1',
      'Resubmit 2',
      'Forget 2'
    ]);
    await userEvent.click(within(bar).getByText('Forget 2'));
    expect(selecting.run).toHaveBeenCalledWith('forget', [ALPHA, DELTA]);
  });

  it('counts jobs wherever they are now, and none that are gone', () => {
    const moved = [{ ...BETA, phase: 'COMPLETED' as const }, GAMMA];
    setUpList(moved, { selection: makeSelection(ALL) });
    const bar = screen.getByRole('group');
    expect(bar).toHaveTextContent('2 selected');
    expect(within(bar).getByText('Cancel 1')).toBeVisible();
    expect(within(bar).getByText('Forget 1')).toBeVisible();
  });

  it('is cleared by Escape from within', async () => {
    const { selecting } = setUpList(JOBS, { selection: makeSelection(ALL) });
    screen.getByRole('button', { name: 'Clear selection' }).focus();
    await userEvent.keyboard('{Escape}');
    expect(selecting.clear).toHaveBeenCalledTimes(1);
  });

  it('tells what came of the last action, with details', () => {
    setUpList(JOBS, {
      selection: makeSelection([], { result: RESULT })
    });
    const said = screen.getByText(
      '2 cancelled, 1 was already over, 1 was already forgotten, 1 was refused.'
    );
    expect(said.closest('[aria-live="polite"]')).not.toBeNull();
    expect(screen.getByText('Details')).toBeVisible();
  });
});

const RESULT: BulkResult = {
  action: 'cancel',
  items: (['ok', 'already_final', 'denied', 'not_found', 'ok'] as const).map(
    (outcome, index) => ({
      id: String(index),
      name: `job ${index}`,
      outcome,
      message: outcome === 'denied' ? 'Permission denied' : null
    })
  )
};

describe('the words', () => {
  it('name those at which something stood in the way', () => {
    expect(resultDetails(RESULT, trans)).toBe('job 2: Permission denied');
  });

  it.each([
    ['hold', '2 held'],
    ['release', '2 released'],
    ['resubmit', '2 resubmitted'],
    ['forget', '2 forgotten']
  ] as const)('of %s are %s', (action, said) => {
    const items = RESULT.items.filter(({ outcome }) => outcome === 'ok');
    expect(resultText({ action, items }, trans)).toBe(said);
  });

  it('of a question name the first jobs, and count the others', () => {
    const rows = Array.from({ length: 1007 }, (_, index) => makeRow({}, index));
    const question = bulkQuestion('forget', rows, trans);
    expect(question?.title).toBe('Forget 1,007 jobs?');
    expect(question?.body).toMatch(/^job 0, .*job 4 and 1,002 more\. .*stay/);
    expect(bulkQuestion('hold', rows, trans)).toBeNull();
  });
});
