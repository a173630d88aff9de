import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';

import type { Cluster } from '../../model/contract';
import { makeCluster, moment, OFFERS, setUpClusters } from './clusterHarness';
import { fixLocale } from './fixtures';

fixLocale();

const WORKERS: Cluster['workers'] = {
  ready: 8,
  wanted: 8,
  adaptive: false,
  minimum: null,
  maximum: null,
  note: null
};
const TASKS = {
  total: 1204,
  waiting: 0,
  processing: 4,
  in_memory: 1200,
  erred: 0
};
const CATALOGUE = makeCluster(
  {
    name: 'catalogue',
    workers: WORKERS,
    memory_bytes: 32 * 2 ** 30,
    memory_used_bytes: 20 * 2 ** 30,
    tasks: TASKS
  },
  1
);

function row(name: string): HTMLElement {
  return screen.getByRole('row', { name: new RegExp(`^${name}`) });
}

it('says how many workers there are, how full their memory is, and what they do', () => {
  setUpClusters([CATALOGUE]);
  expect(row('catalogue')).toHaveAccessibleName(
    'catalogue, Running, 8 of 8 workers, 20 of 32 GB · 1,204 tasks'
  );
  const bar = screen.getByRole('meter', { name: 'Memory used' });
  expect(bar).toHaveAttribute('aria-valuenow', '63');
});

it.each<[string, Partial<Cluster>, string]>([
  [
    'waits',
    {
      phase: 'QUEUED',
      reason: 'resources',
      reason_text: 'Waiting for 2 free cores.'
    },
    'Waiting, Waiting for 2 free cores'
  ],
  [
    'comes up',
    { substate: 'starting', workers: { ...WORKERS, ready: 0 } },
    'Starting, 0 of 8 workers'
  ],
  [
    'adapts',
    {
      workers: {
        ...WORKERS,
        wanted: null,
        adaptive: true,
        minimum: 0,
        maximum: 9
      }
    },
    'Running, 8 workers, 20 of 32 GB · 1,204 tasks · adapts from 0 to 9'
  ],
  [
    'was given fewer workers than asked',
    { workers: { ...WORKERS, note: 'Reduced to 8 workers: no room.' } },
    'Running, 8 of 8 workers, 20 of 32 GB · 1,204 tasks · Reduced to 8 workers: no room'
  ],
  [
    'failed at some tasks',
    { tasks: { ...TASKS, erred: 3 } },
    'Running, 8 of 8 workers, 20 of 32 GB · 1,204 tasks, 3 failed'
  ],
  [
    'is idle',
    { idle_since: moment(-47 * 60_000), idle_stop_at: moment(13 * 60_000) },
    'Idle, 8 of 8 workers, Idle 47 min · stops in 13 min · 20 of 32 GB · 1,204 tasks'
  ],
  [
    'is silent',
    { stale_since: moment(-3 * 60_000) },
    'Running, 8 of 8 workers, 3 min old · 20 of 32 GB · 1,204 tasks'
  ],
  [
    'says little',
    {
      tasks: null,
      memory_used_bytes: null,
      workers: { ...WORKERS, ready: null }
    },
    'Running'
  ],
  [
    'is lost',
    {
      phase: 'ERROR',
      reason: 'lost',
      reason_text: null,
      ended_at: moment(-60_000)
    },
    'Failed, 09:59 · It is gone, and nobody can tell why'
  ],
  [
    'is unknown',
    { phase: 'UNKNOWN', reason: 'answer_lost', reason_text: null },
    'Unknown, 8 of 8 workers, The gateway did not answer. Looking the cluster up; it will not be started twice'
  ]
])('of a cluster that %s it says what presses first', (_, changes, said) => {
  setUpClusters([{ ...CATALOGUE, ...changes }]);
  expect(row('catalogue')).toHaveAccessibleName(`catalogue, ${said}`);
});

it('groups by what a person must do, and names gateways where there are several', () => {
  setUpClusters(
    [
      CATALOGUE,
      makeCluster({ phase: 'ERROR', reason: 'killed' }, 2),
      makeCluster({ phase: 'ABORTED', reason: 'stopped_by_user' }, 3)
    ],
    { offers: OFFERS }
  );
  expect(
    screen.getAllByRole('rowheader').map(node => node.textContent)
  ).toEqual(['Needs you · 1', 'Running · 1', 'Stopped · 1']);
  expect(row('catalogue')).toHaveAccessibleName(/ · This server$/);
  expect(screen.getByRole('status')).toHaveTextContent(
    'Clusters: 1 need you, 1 running, 1 stopped'
  );
});

it('offers at each cluster what can be done with it', async () => {
  const { props } = setUpClusters([
    CATALOGUE,
    makeCluster({ phase: 'COMPLETED', name: 'over' }, 2)
  ]);
  const user = userEvent.setup();
  const press = (name: string, button: string) =>
    user.click(within(row(name)).getByRole('button', { name: button }));
  await press('catalogue', 'Connect notebook to catalogue');
  await press('catalogue', 'Scale catalogue…');
  await press('catalogue', 'Stop catalogue…');
  await press('over', 'Forget over…');
  expect(within(row('over')).getAllByRole('button')).toHaveLength(1);
  const { connect, scale, stop, forget } = props.actions;
  for (const act of [connect, scale, stop]) {
    expect(act).toHaveBeenCalledWith(CATALOGUE);
  }
  expect(forget).toHaveBeenCalledTimes(1);
});

describe('by keyboard', () => {
  const OVER = makeCluster({ phase: 'ABORTED', name: 'beta' }, 2);

  it('it is one stop of the tab key, with arrows and first letters', async () => {
    setUpClusters([CATALOGUE, OVER]);
    const user = userEvent.setup();
    await user.tab();
    expect(row('catalogue')).toHaveFocus();
    await user.keyboard('{ArrowDown}');
    expect(row('beta')).toHaveFocus();
    await user.keyboard('c');
    expect(row('catalogue')).toHaveFocus();
    await user.keyboard('{ArrowRight}{ArrowRight}');
    expect(
      screen.getByRole('button', { name: 'Scale catalogue…' })
    ).toHaveFocus();
    await user.keyboard('{ArrowLeft}{ArrowLeft}{End}');
    expect(row('beta')).toHaveFocus();
    await user.tab();
    expect(document.body).toHaveFocus();
  });

  it('Delete asks to stop or to forget, and Enter opens the page', async () => {
    const { props } = setUpClusters([CATALOGUE, OVER]);
    const user = userEvent.setup();
    await user.tab();
    await user.keyboard('{Delete}{Enter}{ArrowDown}{Delete}');
    expect(props.actions.stop).toHaveBeenCalledWith(CATALOGUE);
    expect(props.actions.forget).toHaveBeenCalledWith(OVER);
    expect(props.actions.open).toHaveBeenCalledTimes(1);
    expect(props.actions.open).toHaveBeenCalledWith(CATALOGUE);
  });

  it('the focus stays on its cluster while that moves between groups', async () => {
    const { show } = setUpClusters([OVER, CATALOGUE]);
    await userEvent.tab();
    expect(row('catalogue')).toHaveFocus();
    show([OVER, { ...CATALOGUE, phase: 'ERROR' }]);
    expect(row('catalogue')).toHaveFocus();
  });

  it('what selects jobs selects nothing here', async () => {
    setUpClusters([CATALOGUE, OVER]);
    await userEvent.tab();
    await userEvent.keyboard(' {Control>}a{/Control}{Escape}');
    expect(row('catalogue')).toHaveFocus();
    expect(row('catalogue')).not.toHaveAttribute('aria-selected');
  });
});

describe('with no cluster', () => {
  it('one press starts the default one', async () => {
    const { props } = setUpClusters([]);
    await userEvent.click(
      screen.getByRole('button', {
        name: 'Start 4 workers with 7.5 GB of memory'
      })
    );
    expect(props.onStart).toHaveBeenCalledWith(OFFERS[0]);
    expect(screen.queryByRole('grid')).toBeNull();
  });

  it('it says why none can be started, and leads to the form', async () => {
    const { props } = setUpClusters([], { offers: OFFERS.slice(1) });
    expect(screen.getByText(/^dask is not installed in /)).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'New cluster' }));
    expect(props.onNew).toHaveBeenCalledTimes(1);
  });

  it('it says that no gateway starts any', () => {
    setUpClusters([], { offers: [] });
    expect(
      screen.getByText(/^No gateway .* starts Dask clusters/)
    ).toBeVisible();
    expect(screen.queryByRole('button')).toBeNull();
  });
});

it('says how old it is while the server is silent', () => {
  setUpClusters([CATALOGUE], {
    snapshot: {
      state: 'stale',
      clusters: [CATALOGUE],
      staleSince: Date.parse(moment(-180_000)),
      error: null
    }
  });
  expect(screen.getByText('3 min old')).toBeVisible();
  expect(row('catalogue')).toBeVisible();
});

it('says why something failed, and lets one try again', async () => {
  const { props } = setUpClusters([CATALOGUE], {
    error: new Error('disk full')
  });
  expect(screen.getByRole('alert')).toHaveTextContent('disk full');
  await userEvent.click(screen.getByRole('button', { name: 'Retry' }));
  expect(props.onRetry).toHaveBeenCalledTimes(1);
});
