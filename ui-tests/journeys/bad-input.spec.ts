import { readFileSync } from 'node:fs';

import { expect, type Page, test } from '@playwright/test';

import { ComposeForm } from '../pages/compose-form';
import { JobPage } from '../pages/job-page';
import { JobsPanel } from '../pages/jobs-panel';
import { JobsTable } from '../pages/jobs-table';
import { Lab } from '../pages/lab';
import { GATEWAYS } from '../servers/gateways';
import { JupyterServer } from '../servers/jupyter-server';

const EVIL = `<img src=x onerror="document.title='run'">`;
/** What a spreadsheet would run. */
const FORMULA = '=1+1';
const SLURM = GATEWAYS.filter(gateway => gateway.name === 'slurm-rest')[0];

// What shares no server can go on at the same time.
test.describe.configure({ mode: 'parallel' });

test.describe('on this machine', () => {
  test.describe.configure({ mode: 'default' });
  let server: JupyterServer;
  // Each form is a new one, in a JupyterLab that is opened once.
  let page: Page;

  test.beforeAll(async ({ browser }) => {
    server = await JupyterServer.start();
    page = await browser.newPage();
    await new Lab(page, server).open();
  });

  test.afterAll(async () => {
    await page.close();
    await server.stop();
  });

  test.afterEach(async () => {
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    const answer = await server.call('GET', 'jobs');
    expect((await answer.json()).total, 'nothing was started').toBe(0);
  });

  for (const [label, value, words] of [
    ['Name', '', /Fill this in/],
    ['Name', 'a\u0007b', /control character/],
    ['Cores', '0', /./],
    ['Cores', '-1', /./],
    ['Cores', 'NaN', /./],
    ['Cores', '1e30', /./],
    ['Memory', '900000 TB', /./],
    ['Memory', 'a lot', /./],
    ['Time limit', '0', /./]
  ] as const) {
    test(`${label} "${printable(value)}"`, async () => {
      const form = await openForm(page);
      await form.fill({ Name: 'bad', Command: 'true' });
      await form.fill({ [label]: value });
      await form.field(label).blur();
      await form.pressSubmit();

      await expect(form.field(label)).toHaveAttribute('aria-invalid', 'true');
      await form.expectIssue(label, words);
      await expect(form.field(label)).toBeFocused();
    });
  }

  test('pressed before the server has looked at what was typed', async () => {
    const form = await openForm(page);
    await form.field('Name').focus();
    await form.field('Name').blur();
    await form.expectIssue('Name', /Fill this in/);
    const release = await holdChecks(page);
    await form.fill({ Name: 'bad', Command: 'true', Cores: '-1' });
    await form.pressSubmit();

    await expect(form.field('Cores')).toBeFocused();
    await expect(form.field('Cores')).toHaveAttribute('aria-invalid', 'true');
    release();
  });

  test('pressed while what the server says moves the button', async () => {
    const form = await openForm(page);
    const release = await holdChecks(page);
    await form.fill({ Name: 'bad', Command: 'true', Cores: '-1' });
    await form.field('Cores').blur();
    const before = await form.submitButton.boundingBox();
    await form.submitButton.hover({ force: true });
    await page.mouse.down();
    release();
    await expect(form.field('Cores')).toHaveAttribute('aria-invalid', 'true');
    expect(await form.submitButton.boundingBox()).not.toEqual(before);
    await page.mouse.up();

    await expect(form.field('Cores')).toBeFocused();
  });

  test('a notebook that is not there', async () => {
    const form = await openForm(page);
    await form.chooseKind('Notebook');
    await form.fill({ Notebook: 'examples/nowhere.ipynb', Name: 'bad' });
    await form.field('Notebook').blur();

    await form.expectIssue('Notebook', 'There is no such file');
    await form.pressSubmit();
    await expect(form.field('Notebook')).toBeFocused();
  });
});

test('a name and a log that would run something are shown as text, everywhere', async ({
  page,
  context
}) => {
  const server = await JupyterServer.start();
  try {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const id = await submitEvil(server, EVIL);
    await submitEvil(server, FORMULA);
    const lab = new Lab(page, server);
    await lab.open();
    await page.evaluate(() => navigator.clipboard.writeText('my own'));
    const panel = new JobsPanel(page);
    await panel.show();
    const row = panel.rowOf(id);
    await row.expectState('Failed');
    await lab.runCommand('Open Batch Jobs as Table');
    const table = new JobsTable(page);
    await expect(table.row(EVIL)).toBeVisible();
    await expect(table.row(FORMULA)).toBeVisible();
    const download = page.waitForEvent('download');
    await table.root.getByRole('button', { name: 'Export as CSV' }).click();
    const csv = readFileSync(await (await download).path(), 'utf-8');
    expect(csv).toContain(`,'${FORMULA},`);
    expect(csv).not.toContain(`,${FORMULA},`);
    await row.press('Resubmit');
    await expect(lab.dialog().getByLabel('Name')).toHaveValue(EVIL);
    await page.keyboard.press('Escape');
    await row.choose('Edit and Resubmit…');
    await expect(new ComposeForm(page).field('Name')).toHaveValue(EVIL);
    await row.root.click();
    const job = new JobPage(page);
    await expect(job.root.getByRole('heading', { name: EVIL })).toBeVisible();
    await expect(job.log).toContainText(EVIL);
    await expect(page.locator('img[src="x"]')).toHaveCount(0);
    expect(await page.title()).not.toContain('run');
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
      'my own'
    );
  } finally {
    await server.stop();
  }
});

test.describe('on Slurm', () => {
  test.describe.configure({ mode: 'default' });
  test.skip(SLURM.missing !== null, SLURM.missing ?? '');

  let server: JupyterServer;

  test.beforeAll(async () => {
    server = await JupyterServer.start(await SLURM.prepare());
  });

  test.afterAll(() => server.stop());

  test('more than the queue has: a warning, then the refusal at the field', async ({
    page
  }) => {
    await new Lab(page, server).open();
    const form = await openForm(page);
    await form.chooseGateway(SLURM.id);
    await form.fill({
      Name: 'too-long',
      Command: 'true',
      'Time limit': '5 h'
    });
    await form.field('Queue').selectOption('debug');
    await form.expectIssue('Time limit', /The queue has at most 30 min/);

    await form.submit('Submit anyway');
    await expect(form.field('Time limit')).toHaveAttribute(
      'aria-invalid',
      'true'
    );
    await expect(form.field('Name')).toHaveValue('too-long');
    const answer = await server.call('GET', 'jobs');
    expect((await answer.json()).total).toBe(0);
  });
});

/** Submit a job whose name and log are HTML, and whose log asks a terminal to fill the clipboard. */
async function submitEvil(
  server: JupyterServer,
  name: string
): Promise<string> {
  const answer = await server.call('POST', 'jobs', {
    key: `bad-input-evil-name-of-${name.length}`,
    body: {
      gateway_id: 'local',
      spec: {
        name,
        task: {
          kind: 'command',
          argv: [
            'sh',
            '-c',
            'printf \'%s\\033]52;c;aGk=\\007\\n\' "$0"; exit 3',
            name
          ]
        },
        resources: { cores: 1, memory_bytes: 2 ** 28, walltime_seconds: 60 }
      }
    }
  });
  expect(answer.status, await answer.clone().text()).toBe(201);
  return (await answer.json()).id;
}

/** Open one more form in a JupyterLab that is open. */
async function openForm(page: Page): Promise<ComposeForm> {
  const panel = new JobsPanel(page);
  await panel.show();
  await panel.newJob();
  const form = new ComposeForm(page);
  await form.chooseKind('Command');
  return form;
}

/** Let the server's answers to what is typed wait until the answer is called. */
async function holdChecks(page: Page): Promise<() => void> {
  let release = (): void => undefined;
  const gate = new Promise<void>(resolve => (release = resolve));
  await page.route('**/jobs/check*', async route => {
    await gate;
    await route.continue();
  });
  return release;
}

/** A title of a test that any terminal shows. */
function printable(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
