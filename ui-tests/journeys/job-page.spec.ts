import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';

import { expect, type Page, type Route, test } from '@playwright/test';

import { expectAccessible } from '../pages/accessible';
import { ComposeForm } from '../pages/compose-form';
import { JobPage } from '../pages/job-page';
import { JobsPanel } from '../pages/jobs-panel';
import { JobsTable } from '../pages/jobs-table';
import { Lab } from '../pages/lab';
import { Notebook } from '../pages/notebook';
import { JupyterServer } from '../servers/jupyter-server';

/** Leaves a file, a folder with another one, and a link to what is none of its own. */
const PROGRAM = `
import os
open("fit-1.csv", "w").write("1.5")
os.chdir(os.environ["BATCH_RUN_DIRECTORY"])
os.mkdir("chains")
open("chains/first.txt", "w").write("0.1 0.2")
os.symlink("/etc/passwd", "elsewhere")
`;

let server: JupyterServer;

test.beforeAll(async () => {
  server = await JupyterServer.start();
});

test.afterAll(() => server.stop());

test('what a job left, and its record to be kept', async ({ page }) => {
  const answer = await server.call('POST', 'jobs', {
    key: 'job-page-journey-01234',
    body: {
      gateway_id: 'local',
      spec: {
        name: 'leaves',
        task: { kind: 'command', argv: ['python3', '-c', PROGRAM] },
        resources: { cores: 1, memory_bytes: 2 ** 29, walltime_seconds: 600 },
        files: { outputs: ['fit-*.csv', 'plot.png'] }
      }
    }
  });
  expect(answer.status, await answer.clone().text()).toBe(201);
  const lab = new Lab(page, server);
  await lab.open();
  const panel = new JobsPanel(page);
  await panel.show();
  const row = panel.row('leaves');
  await row.expectState('Completed');
  await expect(row.root).toContainText('1 output');
  await row.root.click();
  const job = new JobPage(page);
  await expect(job.root).toContainText('limit 10 min');
  await expect(
    job.root.getByRole('table', { name: 'What happened' })
  ).toContainText('Completed');
  expect(await job.fact('Command').innerText()).toContain('import os\nopen(');

  await job.part('Overview').press('ArrowRight');
  await expect(job.part('Files')).toBeFocused();
  await expect(
    job.root.getByRole('button', { name: 'fit-1.csv', exact: true })
  ).toBeVisible();
  await expect(job.root).toContainText('plot.png not there');
  await expect(job.file('elsewhere')).toContainText('not opened');
  await expect(job.file('elsewhere').getByRole('link')).toHaveCount(0);
  await expectAccessible(page, '.jp-BatchJobs-job');
  await job.file('chains').getByRole('button', { name: 'chains/' }).click();
  const file = job.file('first.txt');
  await expect(file).toContainText('7 B');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    file.getByRole('link', { name: 'Download first.txt' }).click()
  ]);
  expect(readFileSync(await download.path(), 'utf8')).toBe('0.1 0.2');
  await file.getByRole('button', { name: 'first.txt', exact: true }).click();
  await expect(lab.tab('first.txt')).toBeVisible();

  await lab.tab('leaves').click();
  await job.part('Record').click();
  await expect(job.root).toContainText('All packages');
  await expect(job.fact('Peak memory')).toContainText('B');
  await expectAccessible(page, '.jp-BatchJobs-job');
  const [exported] = await Promise.all([
    page.waitForEvent('download'),
    job.root.getByRole('link', { name: 'Export as JSON' }).click()
  ]);
  const record = JSON.parse(readFileSync(await exported.path(), 'utf8'));
  expect(record.job.spec.name).toBe('leaves');
  expect(record.environment.packages.length).toBeGreaterThan(0);
  expect(record.events.length).toBeGreaterThan(2);

  await lab.runCommand('Manage Run Directories…');
  const directories = page.locator('#jupyterlab-batch-run-directories');
  await directories.getByRole('checkbox', { name: 'Select leaves' }).check();
  await expect(directories.getByRole('status')).toHaveText(
    /^Selected: 1 run dir/
  );
  await expectAccessible(page, '.jp-BatchJobs-directories');
  await directories.getByRole('button', { name: 'Remove…' }).click();
  const folder = record.job.run_directory;
  await expect(lab.dialog()).toContainText(folder);
  expect(existsSync(folder)).toBe(true);
  await lab.dialog().getByRole('button', { name: 'Remove' }).click();
  await expect(
    directories.getByText('There are no run directories.')
  ).toBeVisible();
  expect(existsSync(folder)).toBe(false);
  await panel.row('leaves').expectState('Completed');
});

test('a notebook that fails: why, what it had come to, and of which code', async ({
  page
}) => {
  const commit = commitExamples();
  writeNotebook('fails.ipynb', [
    'frames = 3',
    'print("before it", frames)',
    'raise ValueError(f"no data in {frames} frames")',
    'print("never")'
  ]);
  const why = 'ValueError: no data in 12 frames in cell 3';
  const lab = new Lab(page, server);
  await lab.open();
  const panel = new JobsPanel(page);
  const form = new ComposeForm(page);
  await lab.chooseFromMenuOf('fails.ipynb', /Run as Batch Job/);
  await form.fill({ Name: 'failing', 'Value of frames': '12' });
  await form.submit();

  const row = panel.row('failing');
  await row.expectState('Failed', 120_000);
  await expect(row.root).toContainText(why);
  await row.root.click();
  const job = new JobPage(page);
  await expect(job.root).toContainText(why);
  await expect(
    job.root.getByRole('table', { name: 'What happened' })
  ).toContainText(why);
  await job.openOutput.click();
  const notebook = new Notebook(page);
  await expect(notebook.root).toContainText('before it 12');
  await expect(notebook.root).toContainText('ValueError: no data in 12 frames');

  await row.root.click();
  await job.part('Record').click();
  await expect(job.fact('Commit')).toHaveText(commit);
  await expect(job.fact('Changes')).toContainText('Not all was committed');
  await expectUnknown(page);
});

function writeNotebook(name: string, sources: string[]): void {
  const cells = sources.map((source, index) => ({
    cell_type: 'code',
    execution_count: null,
    id: `cell-${index}`,
    metadata: index === 0 ? { tags: ['parameters'] } : {},
    outputs: [],
    source
  }));
  const kernelspec = { name: 'python3', display_name: 'Python 3' };
  writeFileSync(
    path.join(server.root, 'examples', name),
    JSON.stringify({
      cells,
      metadata: { kernelspec },
      nbformat: 4,
      nbformat_minor: 5
    })
  );
}

/** Make the examples a git folder; returns its commit. */
function commitExamples(): string {
  const folder = path.join(server.root, 'examples');
  const git = (...argv: string[]) =>
    execFileSync(
      'git',
      ['-c', 'user.name=alice', '-c', 'user.email=alice@localhost', ...argv],
      { cwd: folder, encoding: 'utf8' }
    ).trim();
  git('init', '--quiet');
  git('add', '.');
  git('commit', '--quiet', '--message', 'Examples');
  return git('rev-parse', 'HEAD');
}

/** What may be null in a job, a record and what is in them. */
const NULLABLE = new Set([
  'native_id',
  'substate',
  'reason',
  'reason_text',
  'submitted_at',
  'estimated_start_at',
  'started_at',
  'ended_at',
  'queue',
  'memory_peak_bytes',
  'progress',
  'native_state',
  'exit_code',
  'signal',
  'source_path',
  'elapsed_seconds',
  'cpu_seconds',
  'account',
  'run_contents_path',
  'code'
]);
const DASH = '–';

/** A job of which nothing is known but that it failed: a dash in every view, and no advice. */
async function expectUnknown(page: Page): Promise<void> {
  await page.route(/\/v1\/(jobs|changes)[/?]/, forget);
  const answer = await server.call('POST', 'jobs', {
    key: 'job-page-journey-unknown',
    body: {
      gateway_id: 'local',
      spec: {
        name: 'unknown',
        task: { kind: 'command', argv: ['false'] },
        resources: { cores: 1, memory_bytes: 2 ** 29, walltime_seconds: 600 }
      }
    }
  });
  expect(answer.status, await answer.clone().text()).toBe(201);
  const panel = new JobsPanel(page);
  const { root } = panel.row('unknown');
  await panel.row('unknown').expectState('Failed');
  await expect(root).toHaveAccessibleName('unknown, Failed, See the log');

  await root.click();
  const job = new JobPage(page);
  for (const name of ['Started', 'Ended', 'Ran for', 'Queue', 'Exit code']) {
    await expect(job.fact(name)).toHaveText(DASH);
  }
  await job.part('Record').click();
  for (const name of ['Commit', 'Changes', 'CPU time', 'Peak memory']) {
    await expect(job.fact(name)).toHaveText(DASH);
  }
  await expect(job.root).not.toContainText(/null|NaN|Resubmit with/);

  await panel.root.getByRole('button', { name: /open as table/i }).click();
  const table = new JobsTable(page);
  await table.expectShown();
  const cells = table.row('unknown').getByRole('gridcell');
  await expect(cells.filter({ hasText: DASH })).toHaveCount(3);
}

/** Take all from an answer that may be null in it. */
async function forget(route: Route): Promise<void> {
  const response = await route.fetch();
  const text = await response.text();
  const known: unknown = response
    .headers()
    ['content-type']?.startsWith('application/json')
    ? JSON.parse(text)
    : null;
  const body = known
    ? JSON.stringify(known, (key, value: unknown) =>
        NULLABLE.has(key) ? null : value
      )
    : text;
  await route.fulfill({ response, body });
}
