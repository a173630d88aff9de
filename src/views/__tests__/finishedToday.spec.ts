import { screen, within } from '@testing-library/react';

import type { JobRow } from '../../model/contract';
import { fixLocale, makeRow, makeSnapshot } from './fixtures';
import { setUpList as setUp } from './listHarness';

fixLocale();

const FINISHED: Partial<JobRow> = {
  phase: 'COMPLETED',
  progress: null,
  ended_at: '2026-11-22T22:40:09Z'
};

describe('groups', () => {
  it('tell those that finished today, here, from those before', () => {
    const now = new Date(2026, 10, 22, 0, 30).getTime();
    const ended = (minutes: number): Partial<JobRow> => ({
      ...FINISHED,
      ended_at: new Date(now - minutes * 60_000).toISOString()
    });
    const finished = [makeRow(ended(20), 1), makeRow(ended(40), 2)];
    const counts = { needs_you: 0, running: 0, queued: 0, finished: 9 };
    const snapshot = makeSnapshot(finished, { counts, finishedToday: 3 });
    setUp([], {
      now,
      snapshot: {
        ...snapshot,
        groups: {
          ...snapshot.groups,
          finished: { ...snapshot.groups.finished, hasMore: true }
        }
      }
    });
    const [today, earlier] = screen.getAllByRole('rowgroup');
    expect(today).toHaveAccessibleName('Finished today · 3');
    expect(within(today).getByRole('row', { name: /^job 1/ })).toBeVisible();
    expect(
      within(today).getByRole('button', { name: 'Show more (1 of 3 shown)' })
    ).toBeVisible();
    expect(earlier).toHaveAccessibleName('Finished earlier · 6');
    expect(within(earlier).getByRole('row', { name: /^job 2/ })).toBeVisible();
    expect(within(earlier).queryByRole('button', { name: /^Show more/ })).toBe(
      null
    );
  });

  it('say nothing of a day on which nothing finished', () => {
    setUp([], {
      snapshot: makeSnapshot([makeRow(FINISHED, 1)], { finishedToday: 0 }),
      now: Date.parse('2026-12-24T18:00:00Z')
    });
    expect(screen.getByRole('rowgroup')).toHaveAccessibleName(
      'Finished earlier · 1'
    );
  });
});
