import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';

import { expect, type Page, test } from '@playwright/test';

import { ComposeForm } from '../pages/compose-form';
import { JobPage } from '../pages/job-page';
import { JobsPanel } from '../pages/jobs-panel';
import { JobsTable } from '../pages/jobs-table';
import { Lab } from '../pages/lab';
import { noteToasts, toasts } from '../pages/toasts';
import { GATEWAYS } from '../servers/gateways';
import { JupyterServer } from '../servers/jupyter-server';

/** Masses 12 and 13 hold more than they may until there is a file, those above have no chain. */
const WEIGH = `
import os, sys, time
mass = int(sys.argv[1])
print("task {SLURM_ARRAY_TASK_ID} of {SLURM_ARRAY_TASK_COUNT}".format(**os.environ), flush=True)
if 12 <= mass <= 13:
    held = bytearray(300 << 20)
    while not os.path.exists(sys.argv[2]):
        time.sleep(0.1)
elif mass > 13:
    raise ValueError(f"no chain of mass {mass}")
`;

/** A name that a spreadsheet would follow, and that has to be quoted. */
const FORMULA = '=HYPERLINK("http://127.0.0.1:9","stars")';

const [gateway] = GATEWAYS.filter(({ name }) => name === 'slurm-cli');

test.skip(gateway.missing !== null, gateway.missing ?? '');

let server: JupyterServer;

test.beforeAll(async () => {
  server = await JupyterServer.start(await gateway.prepare());
});

test.afterAll(() => server.stop());

test('a sweep: why some of its tasks failed, and just those again with more memory', async ({
  page
}) => {
  const { lab, panel } = await open(page);
  const fed = path.join(server.root, 'fed');
  writeFileSync(path.join(server.root, 'examples/weigh.py'), WEIGH);
  await panel.newJob();
  const form = new ComposeForm(page);
  await form.chooseKind('Script');
  await form.fill({
    Name: 'weigh',
    Script: 'examples/weigh.py',
    Arguments: `{mass} ${fed}`,
    Memory: '256MB',
    'Time limit': '10 min'
  });
  await form.addParameter('mass', '11..16');
  await form.chooseGateway(gateway.id);
  await form.submit('Submit 6 tasks');

  await panel.row('weigh').expectState('Failed', 120_000);
  await panel.row('weigh').root.click();
  const job = new JobPage(page);
  await expect(job.root).toContainText('6 of 6 done · 5 failed');
  const causes = job.root.getByRole('table', { name: 'Why 5 tasks failed' });
  await expect(causes.getByRole('row')).toHaveText([
    /^Cause/,
    /^ValueError3ValueError: no chain of mass 14Open log/,
    /^Out of memory at 256 MB2/
  ]);
  await causes.getByRole('button', { name: /^Resubmit with/ }).click();
  await expect(lab.dialog()).toContainText(
    'Only the 2 tasks that failed for this cause.'
  );
  writeFileSync(fed, '');
  await lab.dialog().getByLabel('Name').fill('fed');
  await page.keyboard.press('Enter');

  await panel.row('fed').expectState('Completed', 120_000);
  const [weigh, again] = [
    await arrayOf(panel, 'weigh'),
    await arrayOf(panel, 'fed')
  ];
  expect(again.tasks).toMatchObject([
    { index: 1, parameters: { mass: 12 } },
    { index: 2, parameters: { mass: 13 } }
  ]);
  expect(weigh.memory_peak_bytes).toBeGreaterThan(weigh.memory_bytes);
  expect(again.memory_bytes).toBeGreaterThan(weigh.memory_peak_bytes);
  await panel.row('fed').press('Open log');
  await expect(job.log).toContainText('task 1 of 2');
});

test('the table: filtered, sorted, selected, cancelled at once, and saved', async ({
  page
}) => {
  const over = path.join(server.root, 'over');
  await submit('tile-4', untilThere(over));
  for (const name of ['tile-3', 'tile-1', 'tile-2', 'other']) {
    await submit(name, ['sleep', '300']);
  }
  await submit(FORMULA, ['true']);
  const { lab, panel } = await open(page);
  await panel.row(FORMULA).expectState('Completed');
  await panel.root.getByRole('button', { name: /open as table/i }).click();
  const table = new JobsTable(page);
  await table.expectShown();
  await table.filter.fill('tile gateway:slurm phase:running');
  await expect(table.root.getByText('4 jobs')).toBeVisible();
  await table.grid.getByRole('columnheader', { name: /^Name/ }).click();
  await expect(table.grid.locator('.jp-BatchJobs-tableName')).toHaveText([
    'tile-1',
    'tile-2',
    'tile-3',
    'tile-4'
  ]);

  await table.row('tile-1').click({ modifiers: ['ControlOrMeta'] });
  await table.row('tile-4').click({ modifiers: ['Shift'] });
  await table.row('tile-2').click({ modifiers: ['ControlOrMeta'] });
  await table.selected.getByRole('button', { name: 'Cancel 3' }).click();
  await expect(lab.dialog()).toContainText('tile-1, tile-3, tile-4.');
  // One of them ends by itself meanwhile.
  writeFileSync(over, '');
  const id = await panel.row('tile-4').id();
  await expect.poll(async () => (await jobOf(id)).phase).toBe('COMPLETED');
  await lab.dialog().getByRole('button', { name: 'Cancel 3 Jobs' }).click();
  // Nothing lies over it.
  await table.root
    .getByText('2 cancelled, 1 was already over.')
    .click({ trial: true });
  await panel.row('tile-1').expectState('Cancelled');
  await panel.row('tile-3').expectState('Cancelled');
  await panel.row('tile-2').expectState('Running');

  await table.grid.focus();
  await page.keyboard.press('Escape');
  await table.filter.fill('phase:completed phase:cancelled');
  const download = page.waitForEvent('download');
  await table.root.getByRole('button', { name: 'Export as CSV' }).click();
  const csv = readFileSync(await (await download).path(), 'utf-8');
  expect(csv).toContain(
    `,completed,"'=HYPERLINK(""http://127.0.0.1:9"",""stars"")",slurm,debug,`
  );
  expect(csv.match(/\w+,tile-\d,slurm/g)).toEqual([
    'cancelled,tile-1,slurm',
    'cancelled,tile-3,slurm',
    'completed,tile-4,slurm'
  ]);

  await table.filter.fill('phase:running');
  await table.grid.press('Control+a');
  await table.selected.getByRole('button', { name: 'Cancel 2' }).click();
  await lab.dialog().getByRole('button', { name: 'Cancel 2 Jobs' }).click();
  await expect(table.root.getByText('No job fits the filter.')).toBeVisible();
});

test('notices: finished, failed, some of an array, and a limit that is near', async ({
  page
}) => {
  await noteToasts(page);
  const { lab, panel } = await open(page);
  await page.keyboard.press('Control+,');
  await page.getByRole('tab', { name: 'Batch Jobs: Jobs' }).click();
  await page.locator('input[id$="_limitNotice"]').fill('5');
  await submit('long', ['sleep', '300'], { walltime_seconds: 300 });
  await expect(page.locator('#jp-main-statusbar')).toContainText('1 running');
  await expectToast(
    page,
    /^long has [3-5] min left of its time limit of 5 min\./
  );

  const over = path.join(server.root, 'band-is-over');
  const [, , waits] = untilThere(over);
  await submit('good', ['true']);
  await submit('bad', ['sh', '-c', 'exit 2']);
  await submit('band', ['sh', '-c', `test {index} != 1 || exit 3; ${waits}`], {
    array: { kind: 'index', start: 0, stop: 2 }
  });
  await expectToast(page, /^good has completed\./);
  await expectToast(page, /^bad failed\. The job ended with exit code 2\./);
  await expectToast(page, /^1 of 3 tasks of band failed\. The others go on\./);
  writeFileSync(over, '');
  await expectToast(page, /^band failed\. 1 of 3 tasks failed\./);
  await page
    .getByRole('alert')
    .filter({ hasText: 'band failed. 1 of 3' })
    .getByRole('button', { name: 'Open Job' })
    .click();
  const job = new JobPage(page);
  await expect(
    job.root.getByRole('table', { name: 'Why 1 task failed' })
  ).toContainText('Exit code 3');
  await panel.row('long').press('Cancel');
  await lab.dialog().getByRole('button', { name: 'Cancel Job' }).click();
  await panel.row('long').expectState('Cancelled');
});

/** Wait until a notice has popped up, once. */
async function expectToast(page: Page, says: RegExp): Promise<void> {
  await expect
    .poll(() => toasts(page))
    .toContainEqual(expect.stringMatching(says));
  const told = await toasts(page);
  expect(told.filter(text => says.test(text))).toHaveLength(1);
}

async function open(page: Page): Promise<{ lab: Lab; panel: JobsPanel }> {
  const lab = new Lab(page, server);
  await lab.open();
  const panel = new JobsPanel(page);
  await panel.show();
  return { lab, panel };
}

interface IJob {
  phase: string;
  memory_bytes: number;
  memory_peak_bytes: number;
}

async function jobOf(id: string): Promise<IJob> {
  return (await server.call('GET', `jobs/${id}`)).json();
}

async function arrayOf(
  panel: JobsPanel,
  name: string
): Promise<IJob & { tasks: unknown[] }> {
  const id = await panel.row(name).id();
  const { tasks } = await (await server.call('GET', `jobs/${id}/tasks`)).json();
  return { ...(await jobOf(id)), tasks };
}

/** A command that ends when there is a file. */
function untilThere(file: string): string[] {
  return ['sh', '-c', `until test -e '${file}'; do sleep 0.2; done`];
}

async function submit(
  name: string,
  argv: string[],
  more: { array?: object; walltime_seconds?: number } = {}
): Promise<void> {
  const { walltime_seconds = 1500, ...spec } = more;
  const answer = await server.call('POST', 'jobs?anyway=true', {
    key: randomUUID(),
    body: {
      gateway_id: gateway.id,
      spec: {
        name,
        task: { kind: 'command', argv },
        resources: { cores: 1, memory_bytes: 2 ** 27, walltime_seconds },
        ...spec
      }
    }
  });
  expect(answer.status, await answer.clone().text()).toBe(201);
}
