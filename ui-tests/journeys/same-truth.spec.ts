import { readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';

import { expect, type Page, type Route, test } from '@playwright/test';

import { ComposeForm } from '../pages/compose-form';
import { JobsPanel } from '../pages/jobs-panel';
import { Lab } from '../pages/lab';
import { noteToasts, toasts } from '../pages/toasts';
import { JupyterServer } from '../servers/jupyter-server';

let server: JupyterServer;

test.beforeAll(async () => {
  server = await JupyterServer.start();
});

test.afterAll(() => server.stop());

test('a second browser shows the same jobs, and both see them end', async ({
  page,
  browser
}) => {
  const { panel, form } = await open(page);
  const mark = path.join(server.root, 'both-have-seen-it');
  const waits = `sh -c "until test -e '${mark}'; do sleep 0.2; done"`;
  await fillCommand(panel, form, 'shared', waits);
  await form.submit();
  await panel.row('shared').expectState('Running');

  const other = await browser.newPage();
  const second = await open(other);
  await second.panel.row('shared').expectState('Running');
  expect(await second.panel.row('shared').id()).toBe(
    await panel.row('shared').id()
  );
  writeFileSync(mark, '');
  await panel.row('shared').expectState('Completed');
  await second.panel.row('shared').expectState('Completed');
  await other.close();
});

test('a limit that is near, and what happened while nobody was here, are told once', async ({
  page
}) => {
  test.setTimeout(240_000);
  await noteToasts(page);
  server.keepSettings('jupyterlab-batch:jobs', { limitNotice: 1 });
  const mark = path.join(server.root, 'the-night-is-over');
  const answer = await server.call('POST', 'jobs', {
    key: 'same-truth-while-away-01',
    body: {
      gateway_id: 'local',
      spec: {
        name: 'by-night',
        task: {
          kind: 'command',
          argv: [
            'sh',
            '-c',
            `until test -e '${mark}'; do sleep 0.2; done; exit 1`
          ]
        },
        resources: { cores: 1, memory_bytes: 2 ** 28, walltime_seconds: 600 }
      }
    }
  });
  const { id } = await answer.json();
  const { panel } = await open(page);
  const status = page.locator('#jp-main-statusbar');
  await expect(status).toContainText('1 running', { timeout: 60_000 });
  const near = async (): Promise<string[]> => {
    const all = await toasts(page);
    return all.filter(text =>
      text.includes('by-night has 9 min left of its time limit of 10 min.')
    );
  };
  await expect.poll(near, { timeout: 60_000 }).toHaveLength(1);
  await page.goto('about:blank');
  writeFileSync(mark, '');
  await expect
    .poll(
      async () => (await (await server.call('GET', `jobs/${id}`)).json()).phase,
      { timeout: 60_000 }
    )
    .toBe('ERROR');
  const told = async (): Promise<string[]> => {
    const all = await toasts(page);
    return all.filter(text => text.includes('by-night failed'));
  };
  await open(page);
  await expect.poll(told, { timeout: 60_000 }).toHaveLength(1);
  expect(await near()).toEqual([]);

  await open(page);
  await panel.row('by-night').expectState('Failed');
  // It is told, where it is, as soon as this is known.
  await expect(status).toContainText('1 needs you', { timeout: 60_000 });
  expect(await told()).toEqual([]);
});

test('panel and form are there again after a reload', async ({ page }) => {
  const { lab, panel, form } = await open(page);
  await fillCommand(panel, form, 'half-written', 'sleep 4321');
  await form.field('Memory').fill('3 apples');
  await expectKept('3 apples');

  await lab.reload();
  await expect(panel.root).toBeVisible();
  await expect(form.field('Name')).toHaveValue('half-written');
  await expect(form.field('Command')).toHaveValue('sleep 4321');
  await expect(form.field('Memory')).toHaveValue('3 apples');
});

test('a double click on Submit makes one job', async ({ page }) => {
  const { panel, form } = await open(page);
  await fillCommand(panel, form, 'only-once', 'true');
  await expect(form.preview).toHaveAttribute('aria-busy', 'false');
  await form.submitButton.dblclick();

  await panel.row('only-once').expectState('Completed');
  await expect(panel.rows('only-once')).toHaveCount(1);
  expect(await jobsNamed('only-once')).toBe(1);
});

test('a reload between request and answer makes one job', async ({ page }) => {
  const { lab, panel, form } = await open(page);
  await fillCommand(panel, form, 'reloaded', 'true');
  // The request reaches the server; its answer never reaches the page.
  await page.route('**/jupyterlab-batch/v1/jobs?*', holdAnswer);
  await page.route('**/jupyterlab-batch/v1/jobs', holdAnswer);
  const sent = page.waitForRequest(
    request =>
      request.method() === 'POST' &&
      /\/v1\/jobs(\?|$)/.test(new URL(request.url()).pathname)
  );
  await form.submit();
  await sent;
  await expect.poll(() => jobsNamed('reloaded')).toBe(1);
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await lab.reload();

  await panel.row('reloaded').expectState('Completed');
  await expect(form.root.getByText('Submitted.')).toBeVisible();
  await expect(panel.rows('reloaded')).toHaveCount(1);
  expect(await jobsNamed('reloaded')).toBe(1);
});

test('one form, open in two browsers and sent by both at once: one job', async ({
  page,
  browser
}) => {
  const first = await open(page);
  const ledger = path.join(server.root, 'ledger');
  const says = `sh -c "echo once >> '${ledger}'"`;
  await fillCommand(first.panel, first.form, 'of-both', says);
  await expectKept('of-both');
  const other = await browser.newPage();
  const second = await openAgain(other, 'of-both');
  await Promise.all([first.form.submit(), second.form.submit()]);
  for (const { panel, form } of [first, second]) {
    // The later one is told to wait for the job of the other, and may ask again.
    await expect(async () => {
      const submitted = form.root.getByText('Submitted.', { exact: true });
      if (!(await submitted.isVisible())) {
        await form.pressSubmit();
      }
      await expect(submitted).toBeVisible({ timeout: 3_000 });
    }).toPass();
    await panel.row('of-both').expectState('Completed');
    await expect(panel.rows('of-both')).toHaveCount(1);
  }
  expect(readFileSync(ledger, 'utf8')).toBe('once\n');
  await other.close();
});

test('one form, changed in another browser and sent here: said there, and one job', async ({
  page,
  browser
}) => {
  const first = await open(page);
  await fillCommand(first.panel, first.form, 'two-minds', 'true');
  await expectKept('two-minds');
  const other = await browser.newPage();
  const second = await openAgain(other, 'two-minds');
  await second.form.fill({ Command: 'sleep 1234' });
  await expectKept('sleep 1234');
  await first.form.submit();
  await first.panel.row('two-minds').expectState('Completed');
  await second.form.submit();
  await expect(
    second.form.root.getByText(/already submitted with other contents/)
  ).toBeVisible();
  await expect(second.form.field('Command')).toHaveValue('sleep 1234');
  expect(await jobsNamed('two-minds')).toBe(1);
  await other.close();
});

interface ISurface {
  lab: Lab;
  panel: JobsPanel;
  form: ComposeForm;
}

async function open(page: Page): Promise<ISurface> {
  const lab = new Lab(page, server);
  await lab.open();
  const panel = new JobsPanel(page);
  await panel.show();
  return { lab, panel, form: new ComposeForm(page) };
}

/** Open another browser where the first one was left, with its form. */
async function openAgain(page: Page, name: string): Promise<ISurface> {
  const lab = new Lab(page, server);
  const form = new ComposeForm(page);
  // JupyterLab keeps a moment later what was opened.
  await expect(async () => {
    await page.goto(server.url(`lab?token=${server.token}`));
    await lab.expectReady();
    await expect(form.field('Name')).toHaveValue(name);
  }).toPass();
  const panel = new JobsPanel(page);
  await panel.show();
  return { lab, panel, form };
}

async function fillCommand(
  panel: JobsPanel,
  form: ComposeForm,
  name: string,
  command: string
): Promise<void> {
  await panel.newJob();
  await form.chooseKind('Command');
  await form.fill({ Name: name, Command: command });
}

/** How many jobs of a name the server knows. */
async function jobsNamed(name: string): Promise<number> {
  const answer = await server.call('GET', `jobs?q=${name}`);
  return (await answer.json()).total;
}

/** Wait until the server has the draft as it is now. */
async function expectKept(text: string): Promise<void> {
  await expect
    .poll(async () => {
      const answer = await server.call('GET', 'drafts');
      return JSON.stringify(await answer.json());
    })
    .toContain(text);
}

/** Let a request through, and keep its answer back for ever. */
async function holdAnswer(route: Route): Promise<void> {
  if (route.request().method() === 'POST') {
    await route.fetch();
  } else {
    await route.continue();
  }
}
