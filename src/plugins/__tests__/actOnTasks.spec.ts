import { nullTranslator } from '@jupyterlab/translation';

import type { TaskList } from '../../model/contract';
import { readExample } from '../../model/__tests__/examples';
import type { TaskAction } from '../../model/taskOrders';
import { idOf } from '../../stores/__tests__/fakeClient';
import { CommandIDs } from '../../widgets/jobCommands';
import { actOnTasks } from '../bodies/actOnTasks';
import { answerDialog, expectDialog } from './dialogs';
import { startApp } from './testApp';

const trans = nullTranslator.load('');

// Each test starts an application, and loads what it asks for.
jest.setTimeout(20_000);

const [TASK] = (readExample('TaskList.failed') as TaskList).tasks;

async function start() {
  const { app, client } = await startApp();
  const row = client.put(1, { phase: 'EXECUTING' });
  const tasks = [5, 2, 3].map(index => ({ ...TASK, index }));
  const run = (action: TaskAction) =>
    actOnTasks({ app, trans }, action, row, tasks);
  return { app, client, run };
}

it('some tasks are cancelled by one call once that is confirmed', async () => {
  const { client, run } = await start();
  const done = run('cancel');
  await expectDialog(/Cancel 3 tasks\?Tasks 2, 3, 5 of job 1\./);
  await answerDialog('Cancel 3 Tasks');
  const result = await done;
  expect(client.calls).toEqual(['cancel tasks 2,3,5']);
  expect(result?.items.map(({ name, outcome }) => [name, outcome])).toEqual([
    ['Task 2', 'ok'],
    ['Task 3', 'ok'],
    ['Task 5', 'ok']
  ]);
});

it.each(['cancel', 'requeue'] as const)(
  'nothing is done when the user keeps them: %s',
  async action => {
    const { client, run } = await start();
    const done = run(action);
    await answerDialog('Keep as They Are');
    expect(await done).toBeNull();
    expect(client.calls).toEqual([]);
  }
);

it('each task that the gateway refused is told with its words', async () => {
  const { client, run } = await start();
  client.outcome = {
    outcome: 'denied',
    message: 'Task 3: It has started.',
    refused_tasks: [{ task_indices: [3], message: 'It has started.' }]
  };
  const result = await run('hold');
  expect(
    result?.items.map(({ id, outcome, message }) => [id, outcome, message])
  ).toEqual([
    ['2', 'ok', null],
    ['3', 'denied', 'It has started.'],
    ['5', 'ok', null]
  ]);
});

it('to run them once more is asked in the dialog that resubmits', async () => {
  const { app, run } = await start();
  const execute = jest.spyOn(app.commands, 'execute').mockResolvedValue(null);
  expect(await run('resubmit')).toBeNull();
  expect(execute).toHaveBeenCalledWith(CommandIDs.resubmitJob, {
    job_id: idOf(1),
    task_indices: [2, 3, 5]
  });
});
