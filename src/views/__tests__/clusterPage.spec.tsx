import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import * as React from 'react';

import type { ClusterWorker } from '../../model/contract';
import type { IClusterDetails } from '../../stores/clusterDetails';
import { Picker } from '../Picker';
import {
  makeCluster,
  moment,
  drawClusterPage,
  OFFERS,
  WORKERS
} from './clusterHarness';
import { trans } from './fixtures';
import { giveSizes } from './tableHarness';

giveSizes();

function manyWorkers(): ClusterWorker[] {
  const [first] = WORKERS.workers;
  return Array.from({ length: 200 }, (_, number) => ({
    ...first,
    address: `tls://${number}`,
    name: String(number)
  }));
}

function detailsOf(workers: ClusterWorker[]): IClusterDetails {
  return { workers: { ...WORKERS, workers }, progress: null, error: null };
}

/** What the keyboard is at in a grid. */
function current(grid: HTMLElement): HTMLElement | null {
  return document.getElementById(
    grid.getAttribute('aria-activedescendant') ?? ''
  );
}

/** The names of the workers as they stand. */
function names(): string[] {
  return screen
    .getAllByRole('rowheader')
    .map(({ textContent }) => textContent ?? '');
}

it('shows workers, sorts them by what is most, and asks to retire one', async () => {
  const { props } = drawClusterPage();
  const user = userEvent.setup();
  expect(names()).toEqual(['0', '1']);
  const full = screen.getByRole('row', { name: /^1 Paused/ });
  expect(full).toHaveTextContent('921.6 MB of 1 GB, almost full');
  await user.click(screen.getByRole('columnheader', { name: 'Memory' }));
  expect(names()).toEqual(['1', '0']);
  expect(screen.getByRole('columnheader', { name: 'Memory' })).toHaveAttribute(
    'aria-sort',
    'descending'
  );
  await user.click(screen.getByRole('button', { name: 'Retire worker 1…' }));
  expect(props.onRetire.mock.calls[0][0]).toMatchObject({
    address: WORKERS.workers[1].address
  });
});

it('puts those of many workers on the page that are in sight, and counts all', async () => {
  drawClusterPage({ details: detailsOf(manyWorkers()) });
  const user = userEvent.setup();
  const grid = screen.getByRole('grid', { name: 'Workers' });
  expect(grid).toHaveAttribute('aria-rowcount', '201');
  expect(names().length).toBeLessThan(40);
  grid.focus();
  await user.keyboard('{PageDown}');
  expect(current(grid)).toHaveAttribute('aria-rowindex', '10');
  expect(current(grid)).toHaveTextContent(/^8/);
});

it('sorts and retires by keyboard, which stays at its worker', async () => {
  const { props, show } = drawClusterPage({
    details: detailsOf(manyWorkers())
  });
  const user = userEvent.setup();
  const grid = screen.getByRole('grid', { name: 'Workers' });
  grid.focus();
  await user.keyboard('{ArrowDown}{ArrowDown}');
  expect(current(grid)).toHaveTextContent(/^2/);
  show({ details: detailsOf(manyWorkers().slice(1)) });
  expect(current(grid)).toHaveTextContent(/^2/);
  await user.keyboard('{Delete}');
  expect(props.onRetire.mock.calls[0][0]).toMatchObject({ name: '2' });
  await user.keyboard('{Home}{ArrowUp}{ArrowRight}{ArrowRight}');
  expect(current(grid)).toHaveTextContent('Memory');
  await user.keyboard('{Enter}');
  expect(current(grid)).toHaveAttribute('aria-sort', 'descending');
});

it('shows progress by groups, and what a gateway does not tell as that', async () => {
  const { show } = drawClusterPage();
  const user = userEvent.setup();
  await user.click(screen.getByRole('tab', { name: 'Progress' }));
  const bar = screen.getByRole('progressbar', { name: 'crossmatch-1b2c' });
  expect(bar).toHaveAttribute(
    'aria-valuetext',
    '54 of 120 done, 4 in work, 2 failed'
  );
  show({
    can: { workers: false, progress: false, retire: false },
    details: { workers: null, progress: null, error: null }
  });
  expect(
    screen.getByText('This gateway does not tell the progress of work.')
  ).toBeInTheDocument();
  await user.click(screen.getByRole('tab', { name: 'Workers' }));
  expect(
    screen.getByText('This gateway does not tell single workers.')
  ).toBeInTheDocument();
});

it('says what its user should know, and nothing of it once it is over', () => {
  const warnings = makeCluster().warnings.concat([
    { code: 'memory', since: moment(0), workers: 2, packages: [] },
    { code: 'workers_killed', since: moment(0), workers: 3, packages: [] },
    {
      code: 'versions',
      since: null,
      workers: null,
      packages: [{ name: 'numpy', cluster: '2.1', client: null }]
    }
  ]);
  const stale_since = moment(-300_000);
  const { show } = drawClusterPage({
    cluster: makeCluster({ warnings, stale_since })
  });
  const notes = screen.getAllByRole('note').map(note => note.textContent ?? '');
  expect(notes[0]).toMatch(/^Its scheduler has not been heard of since/);
  expect(notes[1]).toMatch(/^2 workers have used most of their memory\./);
  expect(notes[2]).toMatch(/^3 workers ended within minutes/);
  expect(notes[3]).toContain('numpy – in the notebook and 2.1 on the cluster');
  show({
    cluster: makeCluster({ phase: 'COMPLETED', reason: 'idle', warnings })
  });
  expect(screen.queryByRole('note')).toBeNull();
  expect(screen.getAllByRole('tab')).toHaveLength(1);
});

it('says at once that its gateway is silent, of when what is shown is, and what is unharmed', () => {
  const silent = {
    cluster: makeCluster({ stale_since: moment(-9_000) }),
    offer: { ...OFFERS[0], unavailable: 'It did not answer within 10 s.' }
  };
  const { show } = drawClusterPage(silent);
  expect(screen.getByText(/ · 9 s old$/)).toBeInTheDocument();
  expect(screen.getByRole('note')).toHaveTextContent(
    /^It did not answer within 10 s\. What you see is of .* Nothing was done to the cluster/
  );
  show({ ...silent, cluster: makeCluster() });
  expect(screen.queryByRole('note')).toBeNull();
  show({
    ...silent,
    cluster: makeCluster({ phase: 'ABORTED', stale_since: moment(-9_000) })
  });
  expect(screen.queryByRole('note')).toBeNull();
  expect(screen.queryByText(/ old$/)).toBeNull();
});

it('finds one of many by parts of its name, by keyboard', async () => {
  const onActive = jest.fn();
  const onChoose = jest.fn();
  const items = ['Task Stream', 'Cluster Memory', 'Workers Memory'].map(
    title => ({ id: title.toLowerCase(), title, note: '' })
  );
  render(
    <Picker
      items={items}
      label="Plot"
      hint="Find"
      onActive={onActive}
      onChoose={onChoose}
      trans={trans}
    />
  );
  const user = userEvent.setup();
  await user.type(screen.getByRole('combobox'), 'mem');
  const list = within(screen.getByRole('listbox'));
  expect(list.getAllByRole('option')).toHaveLength(2);
  await user.keyboard('{ArrowDown}{ArrowDown}');
  expect(onActive).toHaveBeenLastCalledWith(items[2]);
  await user.click(list.getByRole('option', { name: 'Cluster Memory' }));
  expect(onChoose).toHaveBeenCalledWith(items[1]);
  await user.type(screen.getByRole('combobox'), 'x');
  expect(onActive).toHaveBeenLastCalledWith(null);
});
