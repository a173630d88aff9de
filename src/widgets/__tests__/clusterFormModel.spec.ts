import { readExample } from '../../model/__tests__/examples';
import type { ClusterOffer } from '../../model/contract';
import { ClusterStore } from '../../stores/clusters';
import { JobStore } from '../../stores/jobs';
import { FakeClient, settle } from '../../stores/__tests__/fakeClient';
import { FakeClusters } from '../../stores/__tests__/fakeClusters';
import { ClusterFormModel } from '../clusterFormModel';

const [GATEWAY] = (
  readExample('ClusterGatewayList.dask-gateway') as { gateways: ClusterOffer[] }
).gateways;
const SILENT: ClusterOffer = {
  ...GATEWAY,
  // The server was started while the gateway was silent.
  options: { type: 'object', properties: {} },
  unavailable: 'Dask Gateway did not answer.'
};

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

async function setUp(offer: ClusterOffer) {
  const client = new FakeClient();
  const dask = new FakeClusters(client);
  const clusters = new ClusterStore({
    client: dask,
    jobs: new JobStore({ client })
  });
  dask.offers = [offer];
  const model = new ClusterFormModel({
    client: dask,
    clusters,
    offers: dask.offers,
    kept: null,
    template: null
  });
  await settle();
  /** Let the gateways be asked again. */
  const wait = async (): Promise<void> => {
    await jest.advanceTimersByTimeAsync(5_000);
    await settle();
  };
  return { client, dask, model, wait };
}

it('says that a gateway is silent while it is, and keeps what it offered and what is typed', async () => {
  const { dask, model, wait } = await setUp(GATEWAY);
  model.update({
    name: 'survey',
    options: { ...model.snapshot.texts.options, image: 'Weekly' }
  });
  dask.offers = [SILENT];
  await wait();
  expect(model.snapshot.offer).toMatchObject({
    unavailable: 'Dask Gateway did not answer.',
    options: GATEWAY.options
  });
  const checks = dask.checked.length;
  dask.offers = [GATEWAY];
  await wait();
  expect(model.snapshot.offer.unavailable).toBeNull();
  expect(model.snapshot.texts).toMatchObject({
    name: 'survey',
    options: { image: 'Weekly', worker_cores: '1' }
  });
  await wait();
  expect(dask.checked.length).toBe(checks + 1);
  model.dispose();
});

it('offers what can be chosen as soon as a gateway answers that was silent from the start', async () => {
  const { dask, model, wait } = await setUp(SILENT);
  model.update({ name: 'survey' });
  expect(model.snapshot.texts.options).toEqual({});
  dask.offers = [GATEWAY];
  await wait();
  expect(model.snapshot.texts).toMatchObject({
    name: 'survey',
    options: { image: 'Stable', worker_cores: '1' }
  });
  model.dispose();
});

it('holds to what was said last while the Jupyter server is away, and asks no more when it is closed', async () => {
  const { client, model, wait } = await setUp(SILENT);
  client.isOffline = true;
  await wait();
  expect(model.snapshot.offer.unavailable).toBe('Dask Gateway did not answer.');
  model.dispose();
  client.calls.length = 0;
  await wait();
  expect(client.calls).toEqual([]);
});
