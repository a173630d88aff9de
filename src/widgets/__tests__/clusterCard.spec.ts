import { nullTranslator } from '@jupyterlab/translation';
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { CommandRegistry } from '@lumino/commands';
import { Widget } from '@lumino/widgets';
import { screen, waitFor } from '@testing-library/dom';
import userEvent from '@testing-library/user-event';

import { readExample } from '../../model/__tests__/examples';
import { FakeClient } from '../../stores/__tests__/fakeClient';
import { clusterIdOf, FakeClusters } from '../../stores/__tests__/fakeClusters';
import { ClusterStore } from '../../stores/clusters';
import { JobStore } from '../../stores/jobs';
import { CardRenderer, CLUSTER_MIME_TYPE } from '../cardRenderer';
import { makeClusterCard, readClusterCard } from '../clusterCards';
import { CommandIDs } from '../jobCommands';
import { beforeEverySight, Sight } from './sight';

beforeEverySight();

const ROW = {
  ...(readExample('Cluster.running') as object),
  id: clusterIdOf(1),
  name: 'dask 1'
};
const PAYLOAD = {
  version: 1,
  cluster_id: clusterIdOf(1),
  as_of: '2026-11-29T10:00:00+00:00',
  row: ROW
};

function setUp(isTrusted = true, payload: unknown = PAYLOAD) {
  const client = new FakeClient();
  const dask = new FakeClusters(client);
  dask.put(1);
  const jobs = new JobStore({ client });
  const clusters = new ClusterStore({ client: dask, jobs });
  const commands = new CommandRegistry();
  const executed: unknown[] = [];
  for (const id of Object.values(CommandIDs)) {
    commands.addCommand(id, {
      label: id,
      describedBy: { args: {} },
      execute: args => void executed.push([id, args])
    });
  }
  const getService = jest.fn(async () => ({
    client: dask,
    clusters,
    commands
  }));
  const trans = nullTranslator.load('');
  const other = new Widget() as Widget & IRenderMime.IRenderer;
  other.node.textContent = 'the HTML beside it';
  other.renderModel = async () => undefined;
  const renderer = new CardRenderer({
    makeCard: drawn => makeClusterCard({ getService, trans }, drawn),
    createOther: () => other
  });
  const model = {
    data: { [CLUSTER_MIME_TYPE]: payload },
    metadata: {},
    trusted: isTrusted,
    setData: () => undefined
  } as IRenderMime.IMimeModel;
  Widget.attach(renderer, document.body);
  return {
    client,
    clusters,
    dask,
    executed,
    getService,
    model,
    other,
    renderer
  };
}

it('is a picture until it is in sight, and asks for nothing', async () => {
  const { client, clusters, model, renderer } = setUp();
  await renderer.renderModel(model);
  expect(await screen.findByRole('group', { name: 'dask 1' })).toBeVisible();
  expect(client.calls).toEqual([]);
  expect(screen.queryByRole('button')).toBeNull();
  Sight.show(true);
  await waitFor(() => expect(clusters.snapshot.state).toBe('live'));
  expect(client.count(/^cluster$/)).toBe(1);
  Sight.show(false);
  expect(clusters.snapshot.state).toBe('idle');
  renderer.dispose();
});

it('shows the cluster as its row does, as it changes', async () => {
  const { client, dask, model, renderer } = setUp();
  await renderer.renderModel(model);
  Sight.show(true);
  await screen.findByRole('button', { name: 'Scale…' });
  expect(await screen.findByText(/ on This server$/)).toBeVisible();
  dask.put(1, {
    workers: {
      ready: 3,
      wanted: 4,
      adaptive: false,
      minimum: null,
      maximum: null,
      note: null
    }
  });
  client.hint();
  expect(await screen.findByText('3 of 4 workers')).toBeVisible();
  expect(screen.getByRole('meter', { name: 'Memory used' })).toBeVisible();
  dask.put(1, { phase: 'ERROR', reason_text: 'Its scheduler was killed.' });
  client.hint();
  expect(await screen.findByText(/Its scheduler was killed/)).toBeVisible();
  expect(screen.queryByRole('meter')).toBeNull();
  expect(screen.getByRole('button', { name: 'Forget…' })).toBeVisible();
  renderer.dispose();
});

it('asks for what is done by commands', async () => {
  const { executed, model, renderer } = setUp();
  await renderer.renderModel(model);
  Sight.show(true);
  for (const name of ['Connect notebook', 'Scale…', 'Stop…']) {
    await userEvent.click(await screen.findByRole('button', { name }));
  }
  expect(executed).toEqual(
    [
      CommandIDs.connectNotebook,
      CommandIDs.scaleCluster,
      CommandIDs.stopCluster
    ].map(command => [command, { cluster_id: clusterIdOf(1) }])
  );
  renderer.dispose();
});

it('of a cluster that is forgotten can do nothing, and says so', async () => {
  const { client, dask, model, renderer } = setUp();
  await renderer.renderModel(model);
  Sight.show(true);
  await screen.findByRole('button', { name: 'Stop…' });
  await dask.forget(clusterIdOf(1));
  client.hint();
  expect(await screen.findByText(/not in the list any more/)).toBeVisible();
  expect(screen.queryByRole('button')).toBeNull();
  renderer.dispose();
});

it('in an untrusted notebook is inert: no store, no button', async () => {
  const { client, getService, model, renderer } = setUp(false);
  await renderer.renderModel(model);
  await screen.findByRole('group');
  Sight.show(true);
  expect(getService).not.toHaveBeenCalled();
  expect(client.calls).toEqual([]);
  expect(screen.queryByRole('button')).toBeNull();
  renderer.dispose();
});

const GARBAGE: [string, unknown][] = [
  ['nothing', null],
  ['a text', '<img src=x>'],
  ['no row', { ...PAYLOAD, row: null }]
];

const UNREAD: [string, unknown][] = [
  ['another version', { ...PAYLOAD, version: 2 }],
  ['no time', { ...PAYLOAD, as_of: 'soon' }],
  ['the row of another one', { ...PAYLOAD, cluster_id: clusterIdOf(2) }],
  ['a list for a name', { ...PAYLOAD, row: { ...ROW, name: [] } }]
];

it.each(UNREAD)(
  'of %s is no card of this page: says to reload it',
  async (_, payload) => {
    expect(() => readClusterCard(payload)).toThrow();
    const { getService, model, renderer } = setUp(true, payload);
    await renderer.renderModel(model);
    expect(await screen.findByRole('note')).toHaveTextContent(
      /Reload the page/
    );
    expect(getService).not.toHaveBeenCalled();
    renderer.dispose();
  }
);

it.each(GARBAGE)(
  'is not made of %s: what stands beside it is shown',
  async (_, payload) => {
    expect(() => readClusterCard(payload)).toThrow();
    const { model, renderer } = setUp(true, payload);
    await renderer.renderModel(model);
    expect(await screen.findByText('the HTML beside it')).toBeVisible();
    expect(screen.queryByRole('group')).toBeNull();
    renderer.dispose();
  }
);
