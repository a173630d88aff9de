import type { ArrayTask, TaskList } from '../../model/contract';
import { readExample } from '../../model/__tests__/examples';
import { ALL_TASKS } from '../../model/taskColumns';
import { TaskTable } from '../taskTable';
import { FakeClient, idOf, settle } from './fakeClient';

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

const [TASK] = (readExample('TaskList.failed') as TaskList).tasks;
const FAILED = { ...ALL_TASKS, phases: ['ERROR'] } as const;

function tasksOf(count: number): ArrayTask[] {
  return Array.from({ length: count }, (_, index) => ({ ...TASK, index }));
}

/** What is to be done waits at most so long. */
async function pass(): Promise<void> {
  await jest.advanceTimersByTimeAsync(1_100);
  await settle();
}

function setUp(count: number) {
  const client = new FakeClient();
  client.tasks = tasksOf(count);
  return { client, tasks: new TaskTable({ client, jobId: idOf(1) }) };
}

it('asks nothing while nobody looks', async () => {
  const { client, tasks } = setUp(9);
  tasks.expect(1);
  tasks.show(0, 8);
  tasks.hide();
  await settle();
  client.calls.length = 0;
  tasks.expect(2);
  await pass();
  expect(client.calls).toEqual([]);
  tasks.show(0, 8);
  await settle();
  expect(client.calls).toEqual(['tasks all 0']);
});

it('asks for what is in sight only, and once', async () => {
  const { client, tasks } = setUp(100_000);
  tasks.show(0, 20);
  await settle();
  expect(tasks.snapshot.total).toBe(100_000);
  expect(tasks.row(99)?.index).toBe(99);
  expect(tasks.row(100)).toBeUndefined();
  tasks.show(10, 30);
  tasks.show(50_095, 50_105);
  await settle();
  expect(client.calls).toEqual([
    'tasks all 0',
    'tasks all 50000',
    'tasks all 50100'
  ]);
  expect(tasks.row(50_100)?.index).toBe(50_100);
});

it('keeps no more than some pages, however far somebody scrolls', async () => {
  const { tasks } = setUp(100_000);
  for (let place = 0; place < 10_000; place += 100) {
    tasks.show(place, place + 20);
    await settle();
  }
  expect(tasks.row(0)).toBeUndefined();
  expect(tasks.row(9_900)?.index).toBe(9_900);
  tasks.show(0, 20);
  await settle();
  expect(tasks.row(0)?.index).toBe(0);
});

it('asks again when the array has a new revision, at most once a second', async () => {
  const { client, tasks } = setUp(9);
  tasks.show(0, 8);
  await settle();
  client.calls.length = 0;
  for (let done = 1; done < 9; done++) {
    tasks.expect(done);
    await settle();
  }
  await pass();
  expect(client.calls).toEqual(['tasks all 0']);
  tasks.expect(8);
  await pass();
  expect(client.calls).toHaveLength(1);
});

it('keeps the tasks of before until the chosen ones are there', async () => {
  const { client, tasks } = setUp(300);
  tasks.show(0, 20);
  await settle();
  client.tasks = tasksOf(2);
  const release = client.hold();
  const chosen = tasks.choose(FAILED);
  expect(tasks.row(0)).toBeDefined();
  expect(tasks.snapshot.isLoading).toBe(true);
  release();
  await chosen;
  expect(client.calls).toContain('tasks ERROR 0');
  expect(tasks.snapshot).toMatchObject({ total: 2, isLoading: false });
});

it('an answer to what was asked before comes too late', async () => {
  const { client, tasks } = setUp(300);
  const release = client.hold();
  tasks.show(0, 20);
  const chosen = tasks.choose(FAILED);
  release();
  await chosen;
  await settle();
  expect(tasks.snapshot.choice).toBe(FAILED);
  expect(tasks.snapshot.version).toBe(1);
});

it('tells a failure, keeps what is shown, and asks when told to', async () => {
  const { client, tasks } = setUp(3);
  tasks.show(0, 2);
  await settle();
  client.isOffline = true;
  await tasks.refresh();
  expect(tasks.snapshot.error).not.toBeNull();
  expect(tasks.row(2)).toBeDefined();
  client.isOffline = false;
  await tasks.refresh();
  expect(tasks.snapshot).toMatchObject({ error: null, isLoading: false });
});

it('says nothing once it is disposed', async () => {
  const { tasks } = setUp(3);
  const changed = jest.fn();
  tasks.show(0, 2);
  tasks.changed.connect(changed);
  tasks.dispose();
  await pass();
  expect(changed).not.toHaveBeenCalled();
});
