import { INotebookTracker } from '@jupyterlab/notebook';

import { clusterIdOf } from '../../stores/__tests__/fakeClusters';
import { CommandIDs } from '../../widgets/jobCommands';
import {
  answerDialog,
  eachTestStartsClean,
  expectDialog,
  notices
} from './dialogs';
import { FakeNotebook, trackerOf } from './fakeNotebooks';
import { startWith } from './oneCluster';

// Each test starts an application, and loads what it asks for.
jest.setTimeout(60_000);

eachTestStartsClean();

describe('connecting the running kernel', () => {
  /** A notebook whose kernel writes and answers this. */
  function withKernel(answer: object, text = '') {
    const notebook = new FakeNotebook('a.ipynb', ['x']);
    const ran: string[] = [];
    const requestExecute = ({ code }: { code: string }) => {
      ran.push(code);
      const future = {
        onIOPub: (_: unknown): void => undefined,
        get done() {
          if (text) {
            const content = { text };
            future.onIOPub({ header: { msg_type: 'stream' }, content });
          }
          return Promise.resolve({ content: answer });
        }
      };
      return future;
    };
    const kernel = { status: 'idle', requestExecute };
    Object.assign(notebook.sessionContext, { session: { kernel } });
    return { notebook, ran };
  }

  it('runs the code that it shows, once the user wants it, in no cell', async () => {
    const { notebook, ran } = withKernel({ status: 'ok' });
    const { run } = await startWith({}, [
      [INotebookTracker, trackerOf([notebook])]
    ]);
    const refused = run(CommandIDs.connectKernel);
    await expectDialog(/a\.ipynb\?.*client is a client of dask 1.*Client\("/);
    await answerDialog('Cancel');
    await refused;
    expect(ran).toEqual([]);
    const done = run(CommandIDs.connectKernel);
    await answerDialog('Connect');
    await done;
    expect(ran).toEqual([`client = Client("${clusterIdOf(1)}")`]);
    expect(notebook.sources).toEqual(['x']);
    expect(notices()).toEqual([
      'a.ipynb: its variable client is connected to dask 1.'
    ]);
    const stopped = run(CommandIDs.stopCluster);
    await expectDialog(/use it: a\.ipynb/);
    await answerDialog('Keep Cluster');
    await stopped;
  });

  it.each([
    [
      'that versions differ',
      { status: 'ok' },
      'Versions differ, and work may fail:',
      /connected to dask 1\.\nVersions differ/
    ],
    [
      'why it failed',
      { status: 'error', ename: 'ModuleNotFoundError', evalue: 'distributed' },
      '',
      /was not connected to dask 1: ModuleNotFoundError: distributed\. The cluster is unharmed/
    ]
  ])('says %s', async (_, answer, text, said) => {
    const { notebook } = withKernel(answer, text);
    const { run } = await startWith({}, [
      [INotebookTracker, trackerOf([notebook])]
    ]);
    const done = run(CommandIDs.connectKernel);
    await answerDialog('Connect');
    await done;
    expect(notices()).toEqual([expect.stringMatching(said)]);
  });

  it('says what to do where there is none', async () => {
    const { run } = await startWith({}, [
      [INotebookTracker, trackerOf([new FakeNotebook('a.ipynb', ['x'])])]
    ]);
    await run(CommandIDs.connectKernel);
    expect(notices()).toEqual([
      expect.stringMatching(/^No notebook with a kernel is in front/)
    ]);
  });
});
