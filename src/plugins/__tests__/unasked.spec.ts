import { Dialog } from '@jupyterlab/apputils';

import type { JobRow } from '../../model/contract';
import { idOf } from '../../stores/__tests__/fakeClient';
import { clusterIdOf } from '../../stores/__tests__/fakeClusters';
import { CommandIDs } from '../../widgets/jobCommands';
import { findDialog, notices } from './dialogs';
import { startWith } from './oneJob';

/**
 * All that a command may do by itself: ask, keep what is typed, and what the next press undoes.
 *
 * What a browser renders, such as a link in a notebook of somebody else, can run any command.
 */
const MAY =
  /^(workers|progress|plots|gateways?|list|job|tasks|log|find|events|files|record|import|changes|drafts?|check|put|hold|release|suspend|resume|allocations|clusters|cluster|users|offers|code)( |$)/;

/** Whatever one could try to tell a command. */
const EVERYTHING = {
  job_id: idOf(1),
  job_ids: [idOf(1)],
  cluster_id: clusterIdOf(1),
  count: 1000,
  path: 'evil.ipynb',
  draft: 'key-0123456789abcdef',
  task_indices: [1],
  name: 'evil',
  memory: '1GB',
  action: 'cancel',
  patch: {},
  isLauncher: true,
  isFromBrowser: true,
  anyway: true,
  submit: true,
  confirm: false,
  accept: true
};

const IDS = Object.values(CommandIDs);
/** Those that end a job, make another of it or forget it. */
const DEEDS = IDS.filter(id =>
  /:(cancel|requeue|resubmit|forget|declare)-/.test(id)
);

/** States of a job, each with the commands that open a dialog then. */
const STATES: [Partial<JobRow>, string[]][] = [
  [{ phase: 'QUEUED' }, [CommandIDs.cancelJob]],
  [{ phase: 'HELD' }, [CommandIDs.cancelJob]],
  [{ phase: 'ERROR' }, [CommandIDs.resubmitJob, CommandIDs.forgetJob]],
  [{ phase: 'UNKNOWN' }, [CommandIDs.cancelJob, CommandIDs.declareLost]]
];

afterEach(() => {
  document.body.replaceChildren();
  notices();
});

it('no command does anything but show something', async () => {
  await expectInnocent(IDS, { phase: 'EXECUTING' });
});

it.each(STATES)(
  'nothing becomes of a job that is %o',
  async (state, asking) => {
    expect((await expectInnocent(DEEDS, state)).sort()).toEqual(asking.sort());
  }
);

/**
 * Run commands with everything that they could be told, and answer no dialog.
 *
 * @returns those that opened one.
 */
async function expectInnocent(
  commands: readonly string[],
  state: Partial<JobRow>
): Promise<string[]> {
  const asking: string[] = [];
  const { client, dask, run } = await startWith(state);
  dask.put(1);
  for (const command of commands) {
    const done = run(command, EVERYTHING).catch(() => undefined);
    const dialog = findDialog().catch(() => null);
    if (await Promise.race([done.then(() => null), dialog])) {
      asking.push(command);
    }
    Dialog.flush();
    await done;
    expect([command, client.calls.filter(call => !MAY.test(call))]).toEqual([
      command,
      []
    ]);
  }
  return asking;
}
