import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';

import { expect, test } from '@playwright/test';

import { JobPage } from '../pages/job-page';
import { JobsPanel } from '../pages/jobs-panel';
import { Lab } from '../pages/lab';
import { JupyterServer } from '../servers/jupyter-server';
import { signalSupervisor } from '../servers/supervisor';

let server: JupyterServer;

test.beforeAll(async () => {
  server = await JupyterServer.start();
});

test.afterAll(() => server.stop());

test('a job that nobody can find is given up, and never runs after that', async ({
  page
}) => {
  const lab = new Lab(page, server);
  const panel = new JobsPanel(page);
  await lab.open();
  await panel.show();
  await submit('first');
  await panel.row('first').expectState('Completed');

  signalSupervisor(server.folder, 'SIGSTOP');
  await submit('doubtful');
  await panel.row('doubtful').expectState('Unknown');
  await panel.row('doubtful').root.click();
  await new JobPage(page).root
    .getByRole('button', { name: 'It does not exist…' })
    .click();
  await expect(lab.dialog()).toContainText('A second run is harmless');
  await lab.dialog().getByRole('button', { name: 'It Does Not Exist' }).click();
  await panel.row('doubtful').expectState('Failed');
  await panel.row('doubtful').press('Resubmit');
  await lab.dialog().getByLabel('Name').fill('certain');
  signalSupervisor(server.folder, 'SIGCONT');
  await page.keyboard.press('Enter');
  await panel.row('certain').expectState('Completed');
  await panel.row('doubtful').expectState('Failed');
  expect(ledger()).toEqual(['first', 'doubtful']);
});

/** What every run wrote, in order. */
function ledger(): string[] {
  const file = ledgerPath();
  return existsSync(file) ? readFileSync(file, 'utf-8').trim().split('\n') : [];
}

function ledgerPath(): string {
  return path.join(server.root, 'ledger');
}

/** Submit a job that writes its first name, whatever it is called later. */
async function submit(name: string): Promise<void> {
  const answer = await server.call('POST', 'jobs', {
    key: `give-up-${name}-of-the-journey`,
    body: {
      gateway_id: 'local',
      spec: {
        name,
        task: {
          kind: 'command',
          argv: ['sh', '-c', `echo ${name} >> "${ledgerPath()}"`]
        },
        resources: {
          cores: 1,
          memory_bytes: 2 ** 28,
          walltime_seconds: 600
        }
      }
    }
  });
  expect(answer.status, await answer.clone().text()).toBe(201);
}
