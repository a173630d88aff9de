import { expect, type Page, test } from '@playwright/test';

import { ComposeForm } from '../pages/compose-form';
import { JobPage } from '../pages/job-page';
import { JobsPanel } from '../pages/jobs-panel';
import { Lab } from '../pages/lab';
import { noteToasts, toasts } from '../pages/toasts';
import { JupyterServer } from '../servers/jupyter-server';

const TALK =
  'i=0; while [ $i -lt 600 ]; do i=$((i+1)); echo line $i; sleep 1; done';
const SILENT = /Jupyter server has not answered since/;
/** Of anything that asks on and on there would be hundreds. */
const MOST_REQUESTS = 60;
/** Others may use the machine: a server starts when it does. */
const BACK_WITHIN_MS = 60_000;

let server: JupyterServer;

test.beforeAll(async () => {
  server = await JupyterServer.start();
});

test.afterAll(() => server.stop());

test('the server goes in the middle of a form, a bulk action and a log: said once, and all three go on', async ({
  page
}) => {
  test.setTimeout(4 * BACK_WITHIN_MS);
  await submit('talker', TALK);
  await submit('first', 'sleep 600');
  await submit('second', 'sleep 600');
  await noteToasts(page);
  const lab = new Lab(page, server);
  const panel = new JobsPanel(page);
  const form = new ComposeForm(page);
  const job = new JobPage(page);
  await lab.open();
  await panel.show();
  await panel.newJob();
  await form.chooseKind('Command');
  await form.fill({ Name: 'half-filled', Command: 'echo before' });
  await expect.poll(drafts).toContain('echo before');
  await panel.row('talker').root.click();
  await expect(job.log).toContainText('line 2');
  for (const name of ['first', 'second']) {
    await panel.row(name).root.focus();
    await page.keyboard.press('Space');
  }
  const bar = panel.root.getByRole('group', { name: 'Selected jobs' });
  await bar.getByRole('button', { name: 'Cancel 2' }).click();

  // JupyterLab itself says it in a dialog, whenever it finds out.
  await page.addLocatorHandler(
    page.getByText('Server Connection Error'),
    async () => {
      await lab
        .dialog()
        .getByLabel(/^Do not show this message again/)
        .check();
      await lab.dialog().getByRole('button', { name: 'Close' }).click();
    }
  );
  const asked = listen(page);
  await page.route(
    '**/jobs/actions*',
    async route => {
      await server.kill();
      await route.continue();
    },
    { times: 1 }
  );
  await lab.dialog().getByRole('button', { name: 'Cancel 2 Jobs' }).click();
  await expect(page.getByText(SILENT)).toBeVisible({ timeout: BACK_WITHIN_MS });
  await lab.tab('New job: half-filled').click();
  await form.fill({ Command: 'echo typed meanwhile' });
  await expect(bar).toHaveAttribute('aria-busy', 'true');
  await expect(bar).toContainText('2 selected');
  await expect(page.getByText(SILENT)).toHaveCount(1);
  await expect(form.root.getByText(/server did not answer/)).toHaveCount(1);
  await expect(panel.row('first').root).toBeVisible();
  await lab.tab('talker').click();
  await expect(job.log).toContainText('line 2');
  await expect(job.root.getByText(/server did not answer/)).toHaveCount(1);
  // Nobody counts on while nobody knows.
  await expect(job.root.getByText(/ of 1 h · .+ old$/)).toBeVisible();
  const counted = /\d+ \w+ of 1 h/;
  const [inPage] = counted.exec(await job.root.innerText()) ?? [];
  await expect(panel.row('talker').root).toContainText(inPage ?? 'no time');
  expect(asked.length, asked.join('\n')).toBeLessThanOrEqual(MOST_REQUESTS);

  await server.restart();
  await panel.row('first').expectState('Cancelled', BACK_WITHIN_MS);
  await panel.row('second').expectState('Cancelled', BACK_WITHIN_MS);
  await expect(bar).toHaveCount(0);
  await expect(page.getByText(SILENT)).toHaveCount(0);
  const said = await lastLine();
  await expect(job.log).toContainText(`line ${said + 1}`, {
    timeout: BACK_WITHIN_MS
  });
  await expect
    .poll(drafts, { timeout: BACK_WITHIN_MS })
    .toContain('typed meanwhile');
  await lab.tab('New job: half-filled').click();
  await expect(form.field('Name')).toHaveValue('half-filled');
  await expect(form.preview).toContainText("'echo' 'typed' 'meanwhile'");
  expect((await toasts(page)).filter(text => SILENT.test(text))).toEqual([]);
});

test('a page that is older than the server keeps what it shows, says to reload, and is mended by it', async ({
  page
}) => {
  test.setTimeout(4 * BACK_WITHIN_MS);
  await submit('outlives', 'sleep 600');
  const lab = new Lab(page, server);
  const panel = new JobsPanel(page);
  const form = new ComposeForm(page);
  await lab.open();
  await panel.show();
  await panel.row('outlives').expectState(/Running|Queued/, BACK_WITHIN_MS);
  await panel.newJob();
  await form.chooseKind('Command');
  await form.fill({ Name: 'kept', Command: 'echo kept' });
  await expect.poll(drafts, { timeout: BACK_WITHIN_MS }).toContain('echo kept');

  // What a later version would say: in words that this page was not made for.
  const answers = /\/v1\/(jobs|changes)\?/;
  await page.route(answers, async route => {
    const response = await route.fetch();
    const text = await response.text();
    await route.fulfill({
      response,
      body: text.replaceAll(/"phase": ?"\w+"/g, '"phase":"HIBERNATING"')
    });
  });
  await lab.runCommand('Refresh Batch Jobs');
  await expect(
    panel.root.getByText(/another version.*Reload the page\.$/)
  ).toBeVisible({ timeout: BACK_WITHIN_MS });
  await expect(panel.root.getByText(SILENT)).toHaveCount(0);
  await expect(panel.row('outlives').root).toBeVisible();

  // The page that comes now is that of the server.
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await lab.reload();
  await lab.tab('New job: kept').click();
  await expect(form.field('Command')).toHaveValue('echo kept');
  await panel.show();
  await panel.row('outlives').expectState(/Running|Queued/, BACK_WITHIN_MS);
  await expect(panel.root.getByText(/another version/)).toHaveCount(0);
});

/** Note each request to our endpoints. */
function listen(page: Page): string[] {
  const asked: string[] = [];
  page.on('request', request => {
    if (request.url().includes('/jupyterlab-batch/v1/')) {
      asked.push(`${request.method()} ${request.url()}`);
    }
  });
  return asked;
}

/** What the server keeps of forms. */
async function drafts(): Promise<string> {
  return JSON.stringify(await (await server.call('GET', 'drafts')).json());
}

/** The number of the line that the job wrote last. */
async function lastLine(): Promise<number> {
  const { rows } = await (await server.call('GET', 'jobs')).json();
  const talker = rows.find(({ name }: { name: string }) => name === 'talker');
  const log = await server.call('GET', `jobs/${talker.id}/log?stream=stdout`);
  return Number(/line (\d+)\s*$/.exec(await log.text())?.[1]);
}

async function submit(name: string, command: string): Promise<void> {
  const answer = await server.call('POST', 'jobs?anyway=true', {
    key: `server-away-journey-${name}`,
    body: {
      gateway_id: 'local',
      spec: {
        name,
        task: { kind: 'command', argv: ['sh', '-c', command] },
        resources: {
          cores: 1,
          memory_bytes: 2 ** 28,
          walltime_seconds: 3600
        }
      }
    }
  });
  expect(answer.status, await answer.clone().text()).toBe(201);
}
