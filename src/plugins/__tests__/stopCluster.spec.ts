import { INotebookTracker } from '@jupyterlab/notebook';

import { clusterIdOf } from '../../stores/__tests__/fakeClusters';
import { CommandIDs } from '../../widgets/jobCommands';
import {
  answerDialog,
  eachTestStartsClean,
  expectDialog,
  findDialog,
  notices
} from './dialogs';
import { FakeNotebook, trackerOf } from './fakeNotebooks';
import { startWith } from './oneCluster';

// Each test starts an application, and loads what it asks for.
jest.setTimeout(60_000);

eachTestStartsClean();

describe('stopping', () => {
  it('names notebooks that run and are not open here, as far as they can be read', async () => {
    const { app, run } = await startWith();
    const { contents, sessions } = app.serviceManager;
    jest.spyOn(sessions, 'running').mockReturnValue(
      ['use.ipynb', 'other.ipynb', 'huge.ipynb', 'gone.ipynb'].map(path => ({
        type: 'notebook',
        path
      })) as never
    );
    jest.spyOn(contents, 'get').mockImplementation((async (
      path: string,
      { content }: { content?: boolean }
    ) => {
      if (path === 'gone.ipynb') {
        throw new Error('It is gone');
      }
      const size = path === 'huge.ipynb' ? 1e9 : 100;
      const isUser = path !== 'other.ipynb' && content !== false;
      return { size, content: isUser ? clusterIdOf(1) : '' };
    }) as never);
    const done = run(CommandIDs.stopCluster);
    await expectDialog(/These notebooks use it: use\.ipynb\. All/);
    await answerDialog('Keep Cluster');
    await done;
    jest.restoreAllMocks();
  });

  it('names those whose kernel is connected, and counts who else is', async () => {
    const { app, dask, run } = await startWith();
    const { sessions } = app.serviceManager;
    const of = (type: string, path: string, name: string, id: string) => ({
      type,
      path,
      name,
      kernel: { id }
    });
    const here = [
      of('console', 'Console-1-of-many', 'Console 1', 'k-2'),
      of('notebook', 'other.ipynb', 'other.ipynb', 'k-3')
    ];
    jest
      .spyOn(sessions, 'running')
      .mockImplementation(() => here.values() as never);
    Object.assign(sessions, {
      refreshRunning: async () => {
        here.push(of('notebook', 'hidden.ipynb', 'hidden.ipynb', 'k-1'));
      }
    });
    dask.users = {
      ...dask.users,
      clients: 4,
      kernel_ids: ['k-1', 'k-1', 'k-2']
    };
    const done = run(CommandIDs.stopCluster);
    await expectDialog(
      /notebooks use it: hidden\.ipynb\. These consoles use it: Console 1\. 1 client is connected that is in no notebook or console/
    );
    await answerDialog('Keep Cluster');
    await done;

    dask.users = { ...dask.users, clients: 2, kernel_ids: null };
    const again = run(CommandIDs.stopCluster);
    await expectDialog(
      /2 clients are connected; the gateway does not tell from where\./
    );
    await answerDialog('Keep Cluster');
    await again;
    jest.restoreAllMocks();
  });

  it('names what is lost and which notebooks connect to it', async () => {
    const user = new FakeNotebook('use.ipynb', [`Client("${clusterIdOf(1)}")`]);
    const byName = new FakeNotebook('name.ipynb', [
      'cluster = batch.cluster("dask 1")',
      'cluster.client()'
    ]);
    const other = new FakeNotebook('other.ipynb', ['1 + 1']);
    const { deeds, run, clusters } = await startWith({}, [
      [INotebookTracker, trackerOf([user, byName, other])]
    ]);
    const done = run(CommandIDs.stopCluster);
    await expectDialog(
      /Stop cluster dask 1\?.*42 of its tasks are not done.*use it: use\.ipynb, name\.ipynb\. All results/
    );
    await answerDialog('Stop Cluster');
    await done;
    expect(deeds()).toEqual(['stop']);
    expect(clusters.cluster(clusterIdOf(1))?.substate).toBe('stopping');
  });

  it('is not done where the user keeps it', async () => {
    const { deeds, run } = await startWith();
    const done = run(CommandIDs.stopCluster);
    await answerDialog('Keep Cluster');
    await done;
    expect(deeds()).toEqual([]);
  });

  it('of one that ends meanwhile is taken back', async () => {
    const { dask, deeds, run, clusters } = await startWith();
    const done = run(CommandIDs.stopCluster);
    await findDialog();
    clusters.accept(dask.put(1, { phase: 'COMPLETED' }));
    await expectDialog(/has changed meanwhile: it is stopped now/);
    await answerDialog('Close');
    await done;
    expect(deeds()).toEqual([]);
  });

  it('of one that is over is not asked', async () => {
    const { run } = await startWith({ phase: 'ABORTED' });
    await run(CommandIDs.stopCluster);
    expect(notices()).toEqual(['dask 1: Stopped. Nothing was done.']);
  });

  it('that is refused is told with the reason', async () => {
    const { dask, run } = await startWith();
    dask.outcome = { outcome: 'error', message: 'The engine is silent.' };
    const done = run(CommandIDs.stopCluster);
    await answerDialog('Stop Cluster');
    await done;
    expect(notices()).toEqual([
      'dask 1 was not stopped. The engine is silent.'
    ]);
  });
});
