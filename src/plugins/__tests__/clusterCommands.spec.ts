import { Notification } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { waitFor } from '@testing-library/dom';
import userEvent from '@testing-library/user-event';

import { clusterIdOf } from '../../stores/__tests__/fakeClusters';
import { CommandIDs } from '../../widgets/jobCommands';
import {
  answerDialog,
  eachTestStartsClean,
  expectDialog,
  field,
  notices,
  type
} from './dialogs';
import { FakeNotebook, trackerOf } from './fakeNotebooks';
import { startWith } from './oneCluster';

// Each test starts an application, and loads what it asks for.
jest.setTimeout(60_000);

eachTestStartsClean();

describe('opening a plot', () => {
  it.each([
    ['individual-task-stream', 1],
    ['statics/individual-cluster-map.html', 1],
    ['statics/../lab.html', 0],
    ['../../../../lab', 0],
    ['status/../../workers', 0],
    ['//elsewhere.example', 0]
  ])('of %s: %d frames', async (plot, frames) => {
    const { app, shell } = await startWith();
    await app.commands.execute(CommandIDs.openCluster, {
      cluster_id: clusterIdOf(1),
      plot
    });
    expect(shell.active).toContain(frames ? plot : clusterIdOf(1));
    await waitFor(() =>
      expect(document.querySelectorAll('iframe')).toHaveLength(frames)
    );
  });
});

describe('connecting a notebook', () => {
  const CODE = `client = Client("${clusterIdOf(1)}")`;
  const withNotebook = (notebook: FakeNotebook, changes = {}) =>
    startWith(changes, [[INotebookTracker, trackerOf([notebook])]]);

  it('puts the code below the active cell, and runs nothing', async () => {
    const notebook = new FakeNotebook('a.ipynb', ['import dask', 'x']);
    const { run, shell } = await withNotebook(notebook);
    await run(CommandIDs.connectNotebook);
    expect(notebook.sources).toEqual(['import dask', CODE, 'x']);
    expect(notebook.content.activeCellIndex).toBe(1);
    expect(shell.active).toBe(notebook.id);
    expect(notices()).toEqual([]);
  });

  it('fills an empty cell', async () => {
    const notebook = new FakeNotebook('a.ipynb', [' ', 'x']);
    const { run } = await withNotebook(notebook);
    await run(CommandIDs.connectNotebook);
    expect(notebook.sources).toEqual([CODE, 'x']);
  });

  it.each<[string, Partial<FakeNotebook['model']>, RegExp]>([
    [
      'another language',
      { defaultKernelLanguage: 'R' },
      /only Python connects/
    ],
    ['no right to change it', { readOnly: true }, /cannot be changed/]
  ])('of %s it says so', async (_, model, said) => {
    const notebook = new FakeNotebook('a.ipynb', ['x']);
    Object.assign(notebook.model, model);
    const { run } = await withNotebook(notebook);
    await run(CommandIDs.connectNotebook);
    expect(notebook.sources).toEqual(['x']);
    expect(notices()).toEqual([expect.stringMatching(said)]);
  });

  it('says what to do where no notebook is open, and offers the code', async () => {
    const { run } = await startWith();
    await run(CommandIDs.connectNotebook);
    const [notice] = Notification.manager.notifications;
    expect(notice.message).toMatch(/^No notebook is open/);
    expect(notice.options.actions?.[0].label).toBe('Copy Code');
  });

  it('to a cluster that is not there yet is not done', async () => {
    const notebook = new FakeNotebook('a.ipynb', ['x']);
    const { run } = await withNotebook(notebook, { substate: 'starting' });
    await run(CommandIDs.connectNotebook);
    expect(notebook.sources).toEqual(['x']);
    expect(notices()).toEqual(['dask 1: Starting. Nothing was done.']);
  });

  it('to one that is gone is told', async () => {
    const { run } = await startWith();
    await run(CommandIDs.connectNotebook, clusterIdOf(9));
    expect(notices()).toEqual(['There is no such cluster.']);
  });
});

it('one that is over is forgotten once the user has confirmed it', async () => {
  const { clusters, deeds, run } = await startWith({ phase: 'ABORTED' });
  const done = run(CommandIDs.forgetCluster);
  await answerDialog('Forget Cluster');
  await done;
  expect(deeds()).toEqual(['forget cluster']);
  expect(clusters.snapshot.clusters).toEqual([]);
});

describe('scaling', () => {
  it('begins with what is wanted, and says what was accepted', async () => {
    const { dask, deeds, run } = await startWith();
    dask.outcome = { outcome: 'ok', message: 'Reduced to 3 workers: no room.' };
    const done = run(CommandIDs.scaleCluster);
    expect(await field('Workers')).toHaveValue('2');
    await type('Workers', '99');
    await answerDialog('Scale');
    await done;
    expect(deeds()).toEqual(['scale 99']);
    expect(notices()).toEqual(['dask 1: Reduced to 3 workers: no room.']);
  });

  it('can follow the work', async () => {
    const { deeds, run } = await startWith();
    const done = run(CommandIDs.scaleCluster);
    await userEvent.click(await field('As the work asks'));
    await type('At least', '0');
    await type('At most', '4');
    await answerDialog('Scale');
    await done;
    expect(deeds()).toEqual(['adapt 0 4']);
    expect(notices()).toEqual([]);
  });

  it('leads back to what is no number', async () => {
    const { deeds, run } = await startWith();
    void run(CommandIDs.scaleCluster);
    await type('Workers', 'many');
    await answerDialog('Scale');
    expect(await field('Workers')).toHaveFocus();
    expect(await field('Workers')).toHaveAccessibleDescription(/whole number/);
    expect(deeds()).toEqual([]);
  });

  it('stays open with the reason where it is refused', async () => {
    const { dask, run } = await startWith();
    dask.outcome = { outcome: 'denied', message: 'It is being stopped.' };
    void run(CommandIDs.scaleCluster);
    await type('Workers', '3');
    await answerDialog('Scale');
    await expectDialog(/It is being stopped\./);
  });
});

describe('saying which cluster it is', () => {
  const candidates = [
    { native_id: 'n-7', created_at: null, state: 'Running', options: {} }
  ];

  it('sends the one that is chosen', async () => {
    const { client, run } = await startWith({
      phase: 'UNKNOWN',
      native_id: null,
      candidates
    });
    const running = run(CommandIDs.identifyCluster);
    await expectDialog(/Which cluster is/);
    await answerDialog('Confirm');
    await running;
    expect(client.calls).toContain('identify n-7');
  });

  it('says so where nobody need say it', async () => {
    const { run } = await startWith({});
    await run(CommandIDs.identifyCluster);
    expect(notices().join()).toMatch(/has changed meanwhile/);
  });
});
