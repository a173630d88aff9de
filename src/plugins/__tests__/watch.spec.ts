import { Dialog, Notification } from '@jupyterlab/apputils';
import { nullTranslator } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';
import { screen, waitFor } from '@testing-library/dom';
import userEvent from '@testing-library/user-event';

import type { TaskList } from '../../model/contract';
import { readExample } from '../../model/__tests__/examples';
import { idOf } from '../../stores/__tests__/fakeClient';
import { clusterIdOf } from '../../stores/__tests__/fakeClusters';
import { CommandIDs } from '../../widgets/jobCommands';
import { startWatch } from '../bodies/startWatch';
import { startApp } from './testApp';

const trans = nullTranslator.load('');

afterEach(() => {
  Notification.manager.dismiss();
  localStorage.clear();
});

/** Watch with a status bar, running sessions, and settings that want these notices. */
async function setUp(notices = 'all') {
  const { app, client, dask } = await startApp();
  const items: Widget[] = [];
  const kept: Record<string, unknown> = { notices, limitNotice: 90 };
  const managers: {
    name: string;
    running: () => {
      label: () => string;
      detail?: () => string;
      open: () => void;
      shutdown?: () => void;
    }[];
    shutdownAll: () => void;
  }[] = [];
  const executed: [string, unknown][] = [];
  app.commands.commandExecuted.connect((_, { id, args }) =>
    executed.push([id, args])
  );
  const started_at = new Date().toISOString();
  client.put(1, { seen: false, started_at });
  client.put(2, { phase: 'QUEUED' });
  const { watch, limits, clusters } = await startWatch({
    app,
    statusBar: {
      registerStatusItem: (_: string, { item }: { item: Widget }) => {
        items.push(item);
        Widget.attach(item, document.body);
      }
    } as never,
    running: { add: (manager: never) => managers.push(manager) } as never,
    settings: {
      load: async () => ({
        get: (name: string) => ({ composite: kept[name] }),
        changed: new Signal({})
      })
    } as never,
    trans
  });
  const end = (): void => {
    items.forEach(item => item.dispose());
    limits.dispose();
    clusters.dispose();
    watch.dispose();
  };
  return { app, client, dask, executed, managers, watch, end };
}

const told = (): unknown[] =>
  Notification.manager.notifications.map(({ message }) => message);

it('Dask clusters are counted and listed without being looked at, from when there is one', async () => {
  const { client, dask, executed, managers, watch, end } = await setUp();
  expect(managers.map(({ name }) => name)).toEqual(['Batch Jobs']);
  expect(client.count(/^clusters/)).toBe(0);
  dask.put(1);
  dask.put(2, { phase: 'ABORTED' });
  await watch.refresh();
  expect(
    await screen.findByRole('button', { name: '1 running 1 queued 2 workers' })
  ).toBeVisible();
  await waitFor(() => expect(managers).toHaveLength(2));
  const [, section] = managers;
  const [item, ...others] = section.running();
  expect([item.label(), item.detail?.()]).toEqual(['dask 1', '2 of 2 workers']);
  expect(others).toEqual([]);
  const cluster_id = clusterIdOf(1);
  item.open();
  item.shutdown?.();
  await waitFor(() =>
    expect(executed).toEqual([
      [CommandIDs.showJobs, { cluster_id }],
      [CommandIDs.stopCluster, { cluster_id }]
    ])
  );
  Dialog.flush();
  section.shutdownAll();
  await waitFor(() => expect(client.calls).toContain('stop'));
  expect(client.count(/^clusters$/)).toBe(0);
  end();
});

it('the status bar says how many run and wait, and leads to them', async () => {
  const { client, executed, watch, end } = await setUp();
  const item = await screen.findByRole('button', {
    name: '1 running 1 queued'
  });
  client.put(3, { phase: 'ERROR', seen: false });
  await watch.refresh();
  await waitFor(() => expect(item).toHaveTextContent('1 needs you'));
  await userEvent.click(item);
  expect(executed).toEqual([[CommandIDs.showJobs, {}]]);
  end();
});

it.each([
  [
    'all',
    ['job 1 has completed.', 'job 2 failed. Out of time: ran longer than 1 h.']
  ],
  ['failures', ['job 2 failed. Out of time: ran longer than 1 h.']],
  ['none', []]
])('of notices it gives %s', async (notices, expected) => {
  const { client, watch, end } = await setUp(notices);
  client.put(1, { phase: 'COMPLETED', seen: false });
  client.put(2, { phase: 'ERROR', reason: 'walltime', seen: false });
  await watch.refresh();
  expect(told().sort()).toEqual([...expected].sort());
  end();
});

it.each([
  ['all', ['lens has 5 min left of its time limit of 1 h.']],
  ['failures', ['lens has 5 min left of its time limit of 1 h.']],
  ['none', []]
])('of limits that are near it tells with %s', async (notices, expected) => {
  const { client, watch, end } = await setUp(notices);
  const started = Date.now() - 54.5 * 60_000;
  client.put(1, {
    name: 'lens',
    started_at: new Date(started).toISOString(),
    walltime_seconds: 3_600
  });
  await watch.refresh();
  await watch.refresh();
  expect(told()).toEqual(expected);
  end();
});

it('of an array with tasks near their limit it tells once', async () => {
  const { client, watch, end } = await setUp();
  const started_at = new Date(Date.now() - 55 * 60_000).toISOString();
  const [task] = (readExample('TaskList.failed') as TaskList).tasks;
  client.tasks = [
    { ...task, phase: 'EXECUTING', started_at },
    { ...task, phase: 'EXECUTING', started_at, index: task.index + 1 }
  ];
  const array = { size: 9, by_phase: { EXECUTING: 2, QUEUED: 7 } };
  client.put(1, { name: 'lens', started_at, walltime_seconds: 3_600, array });
  await watch.refresh();
  await waitFor(() =>
    expect(told()).toEqual([
      '2 tasks of lens are near their time limit of 1 h.'
    ])
  );
  client.put(1, { array: { ...array, by_phase: { EXECUTING: 9 } } });
  await watch.refresh();
  expect(client.count(/^tasks EXECUTING/)).toBe(1);
  expect(told()).toHaveLength(1);
  end();
});

it('of a job whose page is in sight it tells nothing', async () => {
  const { app, client, watch, end } = await setUp();
  await app.commands.execute(CommandIDs.openJob, { job_id: idOf(1) });
  client.put(1, { phase: 'COMPLETED', seen: false });
  client.put(2, { phase: 'ERROR', reason: 'walltime', seen: false });
  await watch.refresh();
  expect(told()).toEqual(['job 2 failed. Out of time: ran longer than 1 h.']);
  end();
});

it('many that end together are one notice', async () => {
  const { client, watch, end } = await setUp();
  for (let number = 10; number < 15; number++) {
    client.put(number, { phase: 'COMPLETED', seen: false });
  }
  client.put(1, { phase: 'ERROR', seen: false });
  await watch.refresh();
  expect(told()).toEqual(['5 jobs have completed, 1 failed.']);
  end();
});

it('running sessions list what is not over, and cancel it', async () => {
  const { client, executed, managers, end } = await setUp();
  const [manager] = managers;
  expect(manager.running().map(({ label }) => label())).toEqual([
    'job 2',
    'job 1'
  ]);
  manager.running()[1].shutdown?.();
  await waitFor(() =>
    expect(executed).toContainEqual([CommandIDs.cancelJob, { job_id: idOf(1) }])
  );
  manager.shutdownAll();
  await waitFor(() => expect(client.count(/^cancel/)).toBeGreaterThan(0));
  end();
});
