import { readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';

import { expect, type Locator, test } from '@playwright/test';

import { ComposeForm } from '../pages/compose-form';
import { JobPage } from '../pages/job-page';
import { JobsPanel } from '../pages/jobs-panel';
import { Lab } from '../pages/lab';
import { GATEWAYS } from '../servers/gateways';
import { JupyterServer } from '../servers/jupyter-server';

/** Eight megabytes with colours, one text in the middle, an error before the end, and what no terminal should obey. */
const SCRIPT = `
i=0; while [ $i -lt 60000 ]; do echo "step $i of the fit, residual 0.0001"; i=$((i + 1)); done
printf '\\033[32mneedle in the middle\\033[0m\\n'
i=0; while [ $i -lt 60000 ]; do echo "step $i of the fit, residual 0.0001"; i=$((i + 1)); done
echo 'ValueError: negative redshift'
printf '<script>document.title="run"</script>\\033]52;c;aGk=\\007\\033]8;;javascript:alert(1)\\007link\\033]8;;\\007 \\342\\200\\256x\\000y\\377\\n'
`;

/** A million colours, each within the one before. */
const COLOURS = `yes "$(printf '\\033[31mx\\033[1m')" | head -1000000 | tr -d '\\n'; echo; echo read me`;
/** More elements than that would keep a browser busy. */
const MOST_COLOURS = 10_000;

let server: JupyterServer;

test.beforeAll(async () => {
  server = await JupyterServer.start();
});

test.afterAll(() => server.stop());

test('a long log: its end, what is found in it, its error, all of it', async ({
  page
}) => {
  const answer = await server.call('POST', 'jobs', {
    key: 'log-journey-0123456789',
    body: {
      gateway_id: 'local',
      spec: {
        name: 'talks',
        task: { kind: 'command', argv: ['sh', '-c', SCRIPT] },
        resources: { cores: 1, memory_bytes: 2 ** 28, walltime_seconds: 600 },
        files: { stdout_path: 'logs/talks.out' }
      }
    }
  });
  expect(answer.status, await answer.clone().text()).toBe(201);
  const lab = new Lab(page, server);
  await lab.open();
  const panel = new JobsPanel(page);
  await panel.show();
  const row = panel.row('talks');
  await row.expectState('Completed');
  await row.root.click();
  const job = new JobPage(page);
  await expect(job.log).toContainText(
    '<script>document.title="run"</script>link ⟨U+202E⟩x␀y\ufffd'
  );
  await expect(job.log.locator('a, script')).toHaveCount(0);

  await job.find('NEEDLE');
  await expect(job.mark).toHaveText('needle');
  await expect(job.mark).toBeInViewport();
  await expect(job.finding).toHaveText('1 of 1');
  await expect(job.log).toContainText('step 59999 of');

  await job.root.getByRole('button', { name: 'First error' }).click();
  await expect(job.mark).toHaveText('rror:');
  await expect(job.mark).toBeInViewport();

  const downloading = page.waitForEvent('download');
  await job.root.getByRole('link', { name: 'Download' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe('talks.out');
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) {
    chunks.push(chunk as Buffer);
  }
  // It lies where its user wants it, and is all of it.
  expect(readFileSync(path.join(server.root, 'logs/talks.out'))).toEqual(
    Buffer.concat(chunks)
  );
  expect(Buffer.concat(chunks).toString('latin1')).toMatch(/x\0y\xff\n$/);
});

test('both streams are read, paused, followed again, wrapped and copied', async ({
  page,
  context
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const go = path.join(server.folder, 'go');
  const talk = `echo to the errors >&2; seq 300; until [ -e ${go} ]; do sleep 0.2; done; seq 301 600`;
  const answer = await server.call('POST', 'jobs', {
    key: 'log-journey-streams-01',
    body: {
      gateway_id: 'local',
      spec: {
        name: 'counts',
        task: { kind: 'command', argv: ['sh', '-c', talk] },
        resources: { cores: 1, memory_bytes: 2 ** 28, walltime_seconds: 600 }
      }
    }
  });
  expect(answer.status, await answer.clone().text()).toBe(201);
  await new Lab(page, server).open();
  const panel = new JobsPanel(page);
  await panel.show();
  await panel.row('counts').expectState('Running');
  await panel.row('counts').root.click();
  const job = new JobPage(page);
  await expect(job.log).toContainText('300');
  await expect.poll(() => behind(job.log)).toBeLessThan(5);
  await page.setViewportSize({ width: 1280, height: 500 });
  await expect.poll(() => heightOf(job.log)).toBeLessThan(180);
  await expect.poll(() => behind(job.log)).toBeLessThan(5);
  await page.setViewportSize({ width: 1280, height: 800 });
  await job.log.hover();
  await page.mouse.wheel(0, -400);
  const follow = job.root.getByLabel('Follow');
  await expect(follow).not.toBeChecked();
  expect(await behind(job.log)).toBeGreaterThan(100);
  writeFileSync(go, '');
  await panel.row('counts').expectState('Completed');
  await follow.check();
  await expect(job.log).toContainText('600', { timeout: 60_000 });
  await expect.poll(() => behind(job.log)).toBeLessThan(5);

  await job.root.getByLabel('Wrap').uncheck();
  await expect(job.log.locator('pre').first()).toHaveCSS('white-space', 'pre');
  await job.root.getByRole('button', { name: 'Copy', exact: true }).click();
  await expect
    .poll(() => page.evaluate(() => navigator.clipboard.readText()))
    .toMatch(/\n600\n?$/);
  await job.root
    .getByRole('radiogroup', { name: 'Stream' })
    .getByText('Errors')
    .click();
  await expect(job.log).toContainText('to the errors');
});

test('a million colours in one line are a few, and the next line is read', async ({
  page
}) => {
  const answer = await server.call('POST', 'jobs', {
    key: 'log-journey-colours-01',
    body: {
      gateway_id: 'local',
      spec: {
        name: 'paints',
        task: { kind: 'command', argv: ['sh', '-c', COLOURS] },
        resources: { cores: 1, memory_bytes: 2 ** 28, walltime_seconds: 600 }
      }
    }
  });
  expect(answer.status, await answer.clone().text()).toBe(201);
  await new Lab(page, server).open();
  const panel = new JobsPanel(page);
  await panel.show();
  await panel.row('paints').expectState('Completed');
  await panel.row('paints').root.click();
  const { log } = new JobPage(page);
  await expect(log).toContainText('read me', { timeout: 60_000 });
  expect(await log.locator('span').count()).toBeLessThan(MOST_COLOURS);
});

function heightOf(log: Locator): Promise<number> {
  return log.evaluate(e => e.clientHeight);
}

/** How many pixels of a log are below what is in sight. */
function behind(log: Locator): Promise<number> {
  return log.evaluate(e => e.scrollHeight - e.scrollTop - e.clientHeight);
}

/** Gives its log to somebody else, as a folder of others does. */
const HIDES = `sh -c 'echo mine; chown nobody "a log of $SLURM_JOB_ID"; chmod 600 "a log of $SLURM_JOB_ID"'`;
/** Leaves none where this server looks, as on a disk of the node. */
const REMOVES = `sh -c 'rm "a log of $SLURM_JOB_ID"'`;

for (const gateway of GATEWAYS.filter(({ id }) => id === 'slurm')) {
  test(`a log that cannot be read is told with its path, on ${gateway.name}`, async ({
    page,
    context
  }) => {
    test.skip(gateway.missing !== null, gateway.missing ?? '');
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const there = await JupyterServer.start(await gateway.prepare());
    try {
      await new Lab(page, there).open('');
      const panel = new JobsPanel(page);
      const form = new ComposeForm(page);
      await panel.show();
      for (const [name, command, words] of [
        ['hidden', HIDES, 'cannot be read: it belongs to somebody else'],
        ['removed', REMOVES, 'does not see the log']
      ]) {
        await panel.newJob();
        await form.chooseKind('Command');
        await form.fill({ Name: name, Command: command });
        await form.fill({ 'Time limit': '5 min' });
        await form.chooseGateway(gateway.id);
        await form.unfold('Files');
        await form.fill({ 'Output log': 'a log of {native_id}' });
        await form.submit();
        await panel.row(name).expectState('Completed');
        await panel.row(name).press('Open log');

        const id = await panel.row(name).id();
        const told = await (await there.call('GET', `jobs/${id}`)).json();
        const log = path.join(there.root, `a log of ${told.native_id}`);
        const job = new JobPage(page);
        await expect(job.root.getByText(words)).toContainText(log);
        await job.root
          .getByRole('button', { name: 'Copy path of the log' })
          .click();
        expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
          log
        );
        await expect(job.fact('Output log')).toHaveText(log);
      }
    } finally {
      await there.stop();
    }
  });
}
