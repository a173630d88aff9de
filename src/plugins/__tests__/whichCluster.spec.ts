import { screen } from '@testing-library/dom';
import userEvent from '@testing-library/user-event';

import { clusterIdOf } from '../../stores/__tests__/fakeClusters';
import { CommandIDs } from '../../widgets/jobCommands';
import {
  answerDialog,
  eachTestStartsClean,
  expectDialog,
  findDialog,
  notices
} from './dialogs';
import { startWith } from './oneCluster';

// Each test starts an application, and loads what it asks for.
jest.setTimeout(60_000);

eachTestStartsClean();

/** What JupyterLab does when a command is chosen from a menu or from the palette. */
async function startWithTwo() {
  const parts = await startWith();
  parts.dask.put(2, {});
  const run = (command: string): Promise<unknown> =>
    parts.app.commands.execute(command, {});
  return { ...parts, run };
}

/** Open the menu of the first cluster, as its row is marked. */
async function openMenu(): Promise<void> {
  const row = document.createElement('div');
  row.dataset.clusterId = clusterIdOf(1);
  document.body.append(row);
  await userEvent.pointer({ target: row, keys: '[MouseRight]' });
}

async function choose(name: string): Promise<void> {
  await findDialog();
  const item = await screen.findByRole('option', {
    name: new RegExp(name),
    hidden: true
  });
  await userEvent.click(item);
}

it('the cluster whose menu is open is meant', async () => {
  const { run } = await startWithTwo();
  await openMenu();
  const done = run(CommandIDs.stopCluster);
  await expectDialog(/Stop cluster dask 1\?/);
  await answerDialog('Keep Cluster');
  await done;
});

it('a command from elsewhere asks which one, whosever menu was open before', async () => {
  const { deeds, run } = await startWithTwo();
  await openMenu();
  await userEvent.keyboard('{Escape}');
  const done = run(CommandIDs.stopCluster);
  await expectDialog(/Which Dask cluster\?/);
  await choose('dask 2');
  await expectDialog(/Stop cluster dask 2\?/);
  await answerDialog('Stop Cluster');
  await done;
  expect(deeds()).toEqual(['stop']);
});

it('nothing is done where none is chosen', async () => {
  const { deeds, run } = await startWithTwo();
  const done = run(CommandIDs.connectNotebook);
  await expectDialog(/Which Dask cluster\?/);
  await answerDialog('Cancel');
  await done;
  expect(deeds()).toEqual([]);
  expect(notices()).toEqual([]);
});

it('the only one that fits is meant, and none is said', async () => {
  const { clusters, dask, run, shell } = await startWithTwo();
  await run(CommandIDs.forgetCluster);
  expect(notices()).toEqual([
    expect.stringMatching(/no Dask cluster for that/)
  ]);
  clusters.accept(dask.put(1, { phase: 'ABORTED' }));
  const done = run(CommandIDs.forgetCluster);
  await expectDialog(/Forget cluster dask 1\?/);
  await answerDialog('Keep in List');
  await done;
  const opened = run(CommandIDs.openCluster);
  await choose('dask 2');
  await opened;
  expect(shell.active).toContain(clusterIdOf(2));
});
