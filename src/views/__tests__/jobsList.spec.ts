import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';

import type { JobRow, Phase } from '../../model/contract';
import { phaseText } from '../text/phaseText';
import { PHASES, REASON_CODES } from './codes';
import {
  fixLocale,
  makeGateway,
  makeRow,
  makeSnapshot,
  NOW,
  trans
} from './fixtures';
import { setUpList as setUp } from './listHarness';

fixLocale();

function rowNamed(name: RegExp): HTMLElement {
  return screen.getByRole('row', { name });
}

const FINISHED: Partial<JobRow> = {
  phase: 'COMPLETED',
  progress: null,
  ended_at: '2026-11-22T22:40:09Z'
};

describe('an empty list', () => {
  it('says how to begin, and begins', async () => {
    const { onNewJob } = setUp([]);
    expect(screen.getByText(/^No jobs yet/)).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'New job' }));
    expect(onNewJob).toHaveBeenCalledTimes(1);
  });

  it('says nothing of jobs before the server did', () => {
    setUp([], {
      snapshot: makeSnapshot([], { state: 'loading', counts: null })
    });
    expect(screen.queryByText(/No jobs/)).toBeNull();
    expect(
      screen.getByRole('progressbar', { name: 'Loading jobs' })
    ).toBeInTheDocument();
  });

  it('does not say that there are none while the counts say that there are', () => {
    const counts = { needs_you: 0, running: 0, queued: 0, finished: 3 };
    setUp([], { snapshot: makeSnapshot([], { counts }) });
    expect(screen.queryByText(/No jobs/)).toBeNull();
  });
});

describe('groups', () => {
  const rows = [
    makeRow({ phase: 'QUEUED', started_at: null, progress: null }, 3),
    makeRow(FINISHED, 4),
    makeRow({ phase: 'ERROR', reason: 'walltime', seen: false }, 1),
    makeRow({}, 2)
  ];

  it('stand in the order of what a person must do, each with its count', () => {
    setUp(rows);
    expect(
      screen.getAllByRole('rowheader').map(head => head.textContent)
    ).toEqual(['Needs you · 1', 'Running · 1', 'Queued · 1', 'Finished · 1']);
    const names = screen
      .getAllByRole('row')
      .map(row => /^job \d/.exec(row.getAttribute('aria-label') ?? '')?.[0])
      .filter(Boolean);
    expect(names).toEqual(['job 1', 'job 2', 'job 3', 'job 4']);
  });

  it('are left out while they are empty', () => {
    setUp([makeRow()]);
    expect(screen.getAllByRole('rowgroup')).toHaveLength(1);
  });

  it('tell their counts to those who do not see the list', () => {
    setUp(rows);
    expect(screen.getByRole('status')).toHaveTextContent(
      '1 need you, 1 running, 1 queued, 1 finished'
    );
  });

  it('offer to put failed jobs away, but not those whose end is not known', async () => {
    const { onDismiss } = setUp(rows);
    await userEvent.click(screen.getByRole('button', { name: 'Dismiss' }));
    expect(onDismiss).toHaveBeenCalledTimes(1);
  });

  it('offer nothing to put away for a lost answer', () => {
    setUp([makeRow({ phase: 'UNKNOWN', reason: 'answer_lost' })]);
    expect(screen.queryByRole('button', { name: 'Dismiss' })).toBeNull();
  });

  it('load more, and say how many are shown of how many', async () => {
    const snapshot = makeSnapshot(
      Array.from({ length: 50 }, (_, index) => makeRow(FINISHED, index + 1))
    );
    const { onLoadMore } = setUp([], {
      snapshot: {
        ...snapshot,
        counts: { needs_you: 0, running: 0, queued: 0, finished: 1234 },
        groups: {
          ...snapshot.groups,
          finished: { ...snapshot.groups.finished, hasMore: true }
        }
      }
    });
    expect(screen.getAllByRole('row', { name: /^job/ })).toHaveLength(50);
    await userEvent.click(
      screen.getByRole('button', { name: 'Show more (50 of 1,234 shown)' })
    );
    expect(onLoadMore).toHaveBeenCalledWith('finished');
  });
});

describe('a row', () => {
  it.each<Phase>(PHASES)('of phase %s says its word', phase => {
    setUp([makeRow({ phase, progress: null })]);
    const word = phaseText(phase, trans);
    const row = rowNamed(new RegExp(`^job 1, ${word}`));
    expect(within(row).getByText(word)).toBeVisible();
    expect(row.querySelector('svg')).not.toBeNull();
  });

  it.each(REASON_CODES)('that needs you says why in words: %s', reason => {
    setUp([
      makeRow({ phase: 'ERROR', seen: false, reason, reason_text: null })
    ]);
    const label = rowNamed(/^job 1/).getAttribute('aria-label') ?? '';
    expect(label).toMatch(/^job 1, Failed, [A-Z][^_]+ · short$/);
  });

  it('says how far the job is and how long it may run', () => {
    setUp([makeRow()]);
    expect(rowNamed(/30 min of 1 h · short$/)).toHaveTextContent(
      'cell 7 of 18'
    );
  });

  it('says that the time limit is near', () => {
    setUp([makeRow({ walltime_seconds: 2400 })]);
    expect(screen.getByText('10 min left of 40 min')).toHaveClass(
      'jp-BatchJobs-pressing'
    );
  });

  it('says in place of its time that its program has ended unnoticed', () => {
    const reason_text = 'Its program has ended.';
    setUp([makeRow({ reason_text, substate: 'finishing' })]);
    expect(rowNamed(/^job/)).toHaveTextContent(reason_text);
    expect(screen.queryByText(/ of 1 h/)).toBeNull();
  });

  it('says when a job that waits is expected to start, until that is past', () => {
    const waits = { phase: 'QUEUED', started_at: null } as const;
    const inAnHour = new Date(NOW + 3600_000).toISOString();
    const past = new Date(NOW - 1000).toISOString();
    setUp([
      makeRow({ ...waits, name: 'soon', estimated_start_at: inAnHour }, 1),
      makeRow({ ...waits, name: 'late', estimated_start_at: past }, 2)
    ]);
    expect(rowNamed(/^soon/).textContent).toMatch(/expected to start \d/);
    expect(rowNamed(/^late/).textContent).not.toMatch(/expected/);
  });

  it('says nothing that is not known', () => {
    const nothing = {
      native_id: null,
      reason: null,
      reason_text: null,
      submitted_at: null,
      started_at: null,
      ended_at: null,
      queue: null,
      memory_peak_bytes: null,
      progress: null,
      outputs_count: 0
    };
    setUp(
      PHASES.map((phase, index) => makeRow({ ...nothing, phase }, index + 1))
    );
    expect(screen.getByRole('grid').textContent).not.toMatch(
      /null|undefined|NaN|Invalid/
    );
    expect(screen.queryByRole('button', { name: /Open output/ })).toBeNull();
  });

  it('opens with a click, and its buttons do one thing each', async () => {
    const { actions } = setUp([makeRow()]);
    const row = rowNamed(/^job 1/);
    await userEvent.click(within(row).getByTitle('job 1'));
    expect(actions.open).toHaveBeenCalledTimes(1);
    for (const [name, action] of [
      ['Open output of job 1', actions.openOutput],
      ['Open log of job 1', actions.openLog],
      ['Show run directory of job 1', actions.showRunDirectory],
      ['Cancel job 1…', actions.cancel]
    ] as const) {
      await userEvent.click(within(row).getByRole('button', { name }));
      expect(action).toHaveBeenCalledTimes(1);
    }
    expect(actions.open).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['that is over', { phase: 'COMPLETED' }],
    ['that is being cancelled', { substate: 'cancelling' }]
  ] as const)('%s cannot be cancelled', (_, changes) => {
    setUp([makeRow(changes)]);
    expect(screen.queryByRole('button', { name: /Cancel/ })).toBeNull();
  });

  it('shows a name as it is, whatever it is', () => {
    const name = '<img src=x onerror=alert(1)> \u202e$(id) 🌌';
    setUp([makeRow({ name })]);
    expect(screen.getByTitle(name)).toHaveTextContent('$(id)');
    expect(document.querySelector('img')).toBeNull();
  });

  it('names its gateway where there are several', () => {
    const gateways = [
      makeGateway(),
      makeGateway({ id: 'local', title: 'Here' })
    ];
    setUp([], { snapshot: makeSnapshot([makeRow()], { gateways }) });
    expect(rowNamed(/30 min of 1 h · short · Slurm$/)).toBeVisible();
  });
});

describe('a list of some jobs only', () => {
  it('says that nothing fits, and leads back to all', async () => {
    const props = setUp([], { isFiltered: true });
    expect(screen.getByText('No job fits the filter.')).toBeVisible();
    await userEvent.click(
      screen.getByRole('button', { name: 'Show all jobs' })
    );
    expect(props.onClearFilter).toHaveBeenCalledTimes(1);
  });

  it('does not offer to dismiss what it does not show', () => {
    setUp([makeRow({ phase: 'ERROR', seen: false })], { isFiltered: true });
    expect(screen.queryByRole('button', { name: 'Dismiss' })).toBeNull();
  });
});

it('what ran out of something is offered with more of it', () => {
  setUp([
    makeRow({
      phase: 'ERROR',
      seen: false,
      reason: 'memory',
      memory_bytes: 2 ** 33,
      memory_peak_bytes: 2 ** 33
    })
  ]);
  expect(
    rowNamed(/Out of memory: used 8 GB of 8 GB\. Resubmit with 12 GB\?/)
  ).toBeVisible();
});
