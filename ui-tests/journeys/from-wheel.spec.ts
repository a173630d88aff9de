import { chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';

import { expect, test } from '@playwright/test';

import { ComposeForm } from '../pages/compose-form';
import { JobPage } from '../pages/job-page';
import { JobsPanel } from '../pages/jobs-panel';
import { Lab } from '../pages/lab';
import {
  findUser,
  INSTALLED,
  type IUser,
  whyNotInstalled
} from '../servers/installed';
import { JupyterServer } from '../servers/jupyter-server';
import { PROJECT } from '../servers/programs';
import { SlurmCluster } from '../servers/slurm-cluster';

/** A person who may not write where it is installed has all of JupyterLab compiled at each start. */
const START_TIMEOUT_MS = 300_000;
const MISSING = SlurmCluster.missing();
const USER = 'alice';

test.skip(MISSING !== null, MISSING ?? '');

let user: IUser;

test.beforeAll(async () => {
  await SlurmCluster.up(); // makes the user
  user = findUser(USER);
  const why = whyNotInstalled(user);
  test.skip(why !== null, why ?? '');
});

for (const profile of ['ours', 'stock'] as const) {
  for (const way of ['rest', 'cli'] as const) {
    test(`a person installs the wheel and works, ${profile} Slurm by ${way}`, async ({
      page
    }) => {
      test.setTimeout(START_TIMEOUT_MS);
      const cluster = await SlurmCluster.up(profile);
      const server = await JupyterServer.start({
        user,
        programs: INSTALLED,
        config: way === 'rest' ? linesOfReadme(cluster.restUrl) : '',
        environment: way === 'cli' ? { SLURM_CONF: cluster.confPath } : {}
      });
      try {
        if (way === 'rest') {
          signIn(server, cluster);
        }
        await work(new Lab(page, server));
      } finally {
        await server.stop();
      }
    });
  }
}

/** The lines that the README tells to write, with the address of this Slurm. */
function linesOfReadme(url: string): string {
  const readme = readFileSync(path.join(PROJECT, 'README.md'), 'utf-8');
  const lines = /^c\.BatchExtension\.gateways = \[\n.*\n\]$/m.exec(readme)?.[0];
  if (lines === undefined) {
    throw new Error('The README tells no three lines for slurmrestd.');
  }
  return lines.replace('http://slurm.example.org:6820', url);
}

/** Put a token of the user where these lines say. */
function signIn(server: JupyterServer, cluster: SlurmCluster): void {
  const folder = path.join(server.root, '.slurm');
  const file = path.join(folder, 'token');
  mkdirSync(folder, { mode: 0o700 });
  writeFileSync(file, cluster.token(3600, user.name), { mode: 0o600 });
  [folder, file].forEach(one => chownSync(one, user.uid, user.gid));
}

/** See a job run and end, read its log, cancel another, and submit that one again. */
async function work(lab: Lab): Promise<void> {
  const { page } = lab;
  const panel = new JobsPanel(page);
  await lab.open();
  await panel.show();
  await submit(panel, 'first', "sh -c 'echo begun; sleep 8; id -un'");
  const row = panel.row('first');
  await row.expectState('Running');
  await row.press('Open log');
  const { log } = new JobPage(page);
  await expect(log).toContainText('begun');
  await row.expectState('Completed');
  await expect(log).toContainText(user.name);

  await submit(panel, 'second', 'sleep 300');
  const second = panel.row('second');
  await second.expectState('Running');
  await second.press('Cancel');
  await lab.dialog().getByRole('button', { name: 'Cancel Job' }).click();
  await second.expectState('Cancelled');

  await second.choose('Resubmit Job…');
  await lab.dialog().getByLabel('Name').fill('third');
  await page.keyboard.press('Enter');
  await panel.row('third').expectState('Running');
}

async function submit(
  panel: JobsPanel,
  name: string,
  command: string
): Promise<void> {
  const form = new ComposeForm(panel.page);
  await panel.newJob();
  await form.chooseKind('Command');
  await form.fill({ Name: name, Command: command, 'Time limit': '5 min' });
  await form.chooseGateway('slurm');
  await form.submit();
}
