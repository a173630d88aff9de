import type { ArrayTask, TaskList } from '../../model/contract';
import { readExample } from '../../model/__tests__/examples';
import { TaskStore } from '../tasks';
import { FakeClient, idOf, settle } from './fakeClient';

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

const [TASK] = (readExample('TaskList.failed') as TaskList).tasks;

function failedTasks(count: number): ArrayTask[] {
  return Array.from({ length: count }, (_, index) => ({ ...TASK, index }));
}

function setUp(count: number) {
  const client = new FakeClient();
  client.failedTasks = failedTasks(count);
  return { client, tasks: new TaskStore({ client, jobId: idOf(1) }) };
}

it('asks nothing while no task has failed', async () => {
  const { client, tasks } = setUp(0);
  tasks.expect(0);
  await settle();
  expect(client.calls).toEqual([]);
});

it('asks when their number changes, for at most 100', async () => {
  const { client, tasks } = setUp(250);
  tasks.expect(250);
  tasks.expect(250);
  await settle();
  expect(client.calls).toEqual(['tasks ERROR 0']);
  expect(tasks.snapshot.total).toBe(250);
  expect(tasks.snapshot.tasks).toHaveLength(100);
  await tasks.goTo(200);
  expect(tasks.snapshot.offset).toBe(200);
  expect(tasks.snapshot.tasks.map(({ index }) => index)).toEqual(
    failedTasks(250)
      .slice(200)
      .map(({ index }) => index)
  );
});

it('asks one question at a time, and the last one counts', async () => {
  const { client, tasks } = setUp(1);
  const release = client.hold();
  for (const count of [1, 2, 3, 4]) {
    tasks.expect(count);
  }
  client.failedTasks = failedTasks(4);
  release();
  await settle();
  expect(client.calls).toHaveLength(2);
  expect(tasks.snapshot.tasks).toHaveLength(4);
});

it('tells a failure, and keeps what is shown', async () => {
  const { client, tasks } = setUp(3);
  tasks.expect(3);
  await settle();
  client.isOffline = true;
  await tasks.refresh();
  expect(tasks.snapshot.error).not.toBeNull();
  expect(tasks.snapshot.tasks).toHaveLength(3);
  client.isOffline = false;
  await tasks.refresh();
  expect(tasks.snapshot.error).toBeNull();
});

it('says nothing once it is disposed', async () => {
  const { tasks } = setUp(3);
  const changed = jest.fn();
  tasks.expect(3);
  tasks.changed.connect(changed);
  tasks.dispose();
  await settle();
  expect(changed).not.toHaveBeenCalled();
});
