import { BatchError } from '../../api/errors';
import type { AllocationList } from '../../model/contract';
import { readExample } from '../../model/__tests__/examples';
import { makeGateway } from '../../views/__tests__/fixtures';
import { AllocationStore } from '../allocations';
import { setUpLive } from './liveStore';

const LIST = readExample('AllocationList.some') as AllocationList;

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

async function setUp() {
  const parts = await setUpLive();
  const gateway = makeGateway({ id: 'slurm', title: 'Slurm' });
  const capabilities = { ...gateway.capabilities, accounts: true };
  const local = makeGateway({ id: 'local' });
  parts.client.gateways = [
    { ...gateway, capabilities },
    { ...local, capabilities: { ...capabilities, accounts: false } }
  ];
  await parts.store.refresh();
  parts.client.calls.length = 0;
  parts.client.allocations = LIST;
  return {
    ...parts,
    allocations: new AllocationStore(parts.client, parts.store)
  };
}

it('only gateways that charge accounts are asked', async () => {
  const { client, allocations } = await setUp();
  await allocations.refresh();
  expect(client.count(/^allocations/)).toBe(1);
  expect(allocations.snapshot).toEqual([
    { id: 'slurm', title: 'Slurm', list: LIST, error: null }
  ]);
});

it('what was known stays when the next call fails', async () => {
  const { client, allocations } = await setUp();
  await allocations.refresh();
  jest
    .spyOn(client, 'listAllocations')
    .mockRejectedValue(new BatchError('Not now.', { status: 503 }));
  await allocations.refresh(true);
  expect(allocations.snapshot[0]).toMatchObject({
    list: LIST,
    error: { message: 'Not now.' }
  });
});

it('an answer after the end changes nothing', async () => {
  const { allocations } = await setUp();
  const changed = jest.fn();
  const asked = allocations.refresh();
  allocations.changed.connect(changed);
  allocations.dispose();
  await asked;
  expect(allocations.isDisposed).toBe(true);
  expect(changed).not.toHaveBeenCalled();
});
