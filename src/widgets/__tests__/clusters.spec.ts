import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import { screen, waitFor } from '@testing-library/dom';
import userEvent from '@testing-library/user-event';

import { ClusterStore } from '../../stores/clusters';
import { FakeClient } from '../../stores/__tests__/fakeClient';
import { clusterIdOf, FakeClusters } from '../../stores/__tests__/fakeClusters';
import { JobStore } from '../../stores/jobs';
import { ClustersSection } from '../clustersSection';
import { CommandIDs } from '../jobCommands';
import { JobsPanel } from '../jobsPanel';

const trans = nullTranslator.load('');

beforeEach(() => {
  localStorage.clear();
});

/** The panel with its section of clusters; what is asked for by commands is noted. */
function setUp() {
  const client = new FakeClient();
  client.put(1);
  const dask = new FakeClusters(client);
  const jobs = new JobStore({ client });
  const clusters = new ClusterStore({ client: dask, jobs });
  const commands = new CommandRegistry();
  const executed: [string, unknown][] = [];
  for (const id of Object.values(CommandIDs)) {
    commands.addCommand(id, {
      label: id,
      describedBy: { args: {} },
      execute: args => void executed.push([id, args])
    });
  }
  const section = new ClustersSection({
    client: dask,
    clusters,
    commands,
    getCode: async () => null,
    trans
  });
  const loadClusters = jest.fn(async () => section);
  const panel = new JobsPanel({
    client,
    jobs,
    commands,
    act: jest.fn(),
    loadClusters,
    translator: nullTranslator
  });
  Widget.attach(panel, document.body);
  MessageLoop.flush();
  return { client, clusters, dask, executed, loadClusters, panel, section };
}

function title(): Promise<HTMLElement> {
  return screen.findByLabelText('Dask clusters Section');
}

it('nothing of clusters is loaded until their section is unfolded', async () => {
  const { client, dask, loadClusters, panel } = setUp();
  expect(await title()).toHaveAttribute('aria-expanded', 'false');
  await screen.findByRole('row', { name: /^job 1/ });
  expect(loadClusters).not.toHaveBeenCalled();
  expect(client.count(/^(clusters|offers)/)).toBe(0);
  await userEvent.click(await title());
  expect(await screen.findByText(/^No Dask clusters yet/)).toBeVisible();
  dask.put(1);
  client.hint();
  expect(await screen.findByRole('row', { name: /^dask 1/ })).toBeVisible();
  panel.dispose();
});

it('it stays as the user left it', async () => {
  const first = setUp();
  await userEvent.click(await title());
  first.panel.dispose();
  const second = setUp();
  expect(await title()).toHaveAttribute('aria-expanded', 'true');
  await userEvent.click(await title());
  second.panel.dispose();
  const third = setUp();
  third.dask.put(1);
  third.client.hint();
  await screen.findByRole('row', { name: /^job 1/ });
  expect(await title()).toHaveAttribute('aria-expanded', 'false');
  third.panel.dispose();
});

it('it unfolds by itself when there is a cluster, unless the user has folded it', async () => {
  const { client, dask, panel } = setUp();
  await screen.findByRole('row', { name: /^job 1/ });
  dask.put(1);
  client.hint();
  expect(await screen.findByRole('row', { name: /^dask 1/ })).toBeVisible();
  panel.dispose();
});

it('asks the server for nothing while it is folded or out of sight', async () => {
  const { clusters, panel } = setUp();
  await userEvent.click(await title());
  await waitFor(() => expect(clusters.snapshot.state).toBe('live'));
  await userEvent.click(await title());
  expect(clusters.snapshot.state).toBe('idle');
  await userEvent.click(await title());
  await waitFor(() => expect(clusters.snapshot.state).toBe('live'));
  panel.hide();
  expect(clusters.snapshot.state).toBe('idle');
  panel.dispose();
});

it('one press starts the default cluster, and a lost answer none twice', async () => {
  const { client, dask, panel } = setUp();
  await userEvent.click(await title());
  const start = await screen.findByRole('button', { name: /^Start 4 workers/ });
  client.isAnswerLost = true;
  await userEvent.click(start);
  expect(await screen.findByText(/did not answer/)).toBeVisible();
  client.isAnswerLost = false;
  await userEvent.click(start);
  expect(await screen.findByRole('row', { name: /^dask, / })).toBeVisible();
  expect(dask.keys).toHaveLength(2);
  expect(dask.keys[0]).toBe(dask.keys[1]);
  panel.dispose();
});

it('asks for everything else by commands, and puts the focus where it is wanted', async () => {
  const { dask, executed, panel, section } = setUp();
  dask.put(1);
  await userEvent.click(
    await screen.findByRole('button', { name: /New cluster/ })
  );
  panel.showClusters();
  section.reveal(clusterIdOf(1));
  const row = await screen.findByRole('row', { name: /^dask 1/ });
  await waitFor(() => expect(row).toHaveFocus());
  await userEvent.keyboard('{Delete}');
  expect(executed).toEqual([
    [CommandIDs.newCluster, {}],
    [CommandIDs.stopCluster, { cluster_id: clusterIdOf(1) }]
  ]);
  panel.dispose();
});
