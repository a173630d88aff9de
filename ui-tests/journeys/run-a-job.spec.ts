import { expect, type Page, test } from '@playwright/test';

import { ComposeForm } from '../pages/compose-form';
import { JobPage } from '../pages/job-page';
import { JobsPanel } from '../pages/jobs-panel';
import { Lab } from '../pages/lab';
import { Notebook } from '../pages/notebook';
import { GATEWAYS, type IGatewayCase } from '../servers/gateways';
import { JupyterServer } from '../servers/jupyter-server';

/** A Markov chain takes its time where others work too. */
const CHAIN_TIMEOUT_MS = 600_000;

// What shares no server can go on at the same time.
test.describe.configure({ mode: 'parallel' });

for (const gateway of GATEWAYS) {
  test.describe(`on ${gateway.name}`, () => {
    test.describe.configure({ mode: 'default' });
    test.skip(gateway.missing !== null, gateway.missing ?? '');

    let server: JupyterServer;

    test.beforeAll(async () => {
      server = await JupyterServer.start(await gateway.prepare());
    });

    test.afterAll(() => server.stop());

    test('a notebook, from the file browser to its output', async ({
      page
    }) => {
      test.setTimeout(CHAIN_TIMEOUT_MS);
      const { lab, panel, form } = await open(page, server);
      await lab.chooseFromMenuOf('lens-time-delay.ipynb', /Run as Batch Job/);
      await form.fill({
        Name: 'quasar',
        Cores: '1',
        Memory: '1GB',
        'Time limit': '30 min',
        'Value of seed': '3',
        'Value of n_steps': '600'
      });
      // Without it numpy's threads use all cores, of which most wait in a loop for the others.
      await form.unfold('Environment');
      await form.addVariable('OMP_NUM_THREADS', '1');
      await form.chooseGateway(gateway.id);
      await form.submit();

      const row = panel.row('quasar');
      await row.expectState('Running');
      await expect(row.root).toContainText(/cell \d+ of \d+/);
      await row.press('Open output');
      await expect(lab.tab(/quasar|lens-time-delay/).last()).toBeVisible();
      await expect(new Notebook(page).root).toContainText('Two light curves');
      await row.expectState('Running');

      await row.expectState('Completed', CHAIN_TIMEOUT_MS);
      await row.press('Open output');
      await expect(new Notebook(page).root).toContainText(
        'truth within the 95 % interval'
      );
    });

    test('a script with arguments, by its ending', async ({ page }) => {
      const { lab, panel, form } = await open(page, server);
      await lab.chooseFromMenuOf('extract-sources.py', /Run as Batch Job/);
      await form.fill({
        Name: 'sources',
        Arguments: '--stars 500',
        'Time limit': '10 min'
      });
      await form.chooseGateway(gateway.id);
      await form.submit();

      await panel.row('sources').expectState('Completed', 120_000);
      await panel.row('sources').press('Open log');
      await expect(new JobPage(page).log).toContainText('Drew 500 stars');
    });

    test('a script, by its first line', async ({ page }) => {
      const { lab, panel, form } = await open(page, server);
      await lab.chooseFromMenuOf('count-cores.sh', /Run as Batch Job/);
      await expect(form.field('Script')).toBeFocused();
      await form.fill({ Name: 'cores', Cores: '2', 'Time limit': '10 min' });
      await form.chooseGateway(gateway.id);
      await form.submit();

      await panel.row('cores').expectState('Completed', 60_000);
      await panel.row('cores').press('Open log');
      await expect(new JobPage(page).log).toContainText(/Cores asked for +2/);
    });

    test('a command, of which no shell reads a word', async ({ page }) => {
      const { lab, panel, form } = await open(page, server);
      await submitCommand({ lab, panel, form }, gateway, {
        Name: 'words',
        Command: "echo '$HOME' ; a*"
      });
      await panel.row('words').expectState('Completed', 60_000);
      await panel.row('words').press('Open log');
      await expect(new JobPage(page).log).toContainText('$HOME ; a*');
    });

    test('a log, followed while it is written', async ({ page }) => {
      const surface = await open(page, server);
      const { panel } = surface;
      await submitCommand(surface, gateway, {
        Name: 'counting',
        Command:
          "sh -c 'i=0; while [ $i -lt 15 ]; do i=$((i+1)); echo line $i; sleep 1; done'"
      });
      await panel.row('counting').expectState('Running');
      await panel.row('counting').press('Open log');
      const { log } = new JobPage(page);
      await expect(log).toContainText('line 3');
      await panel.row('counting').expectState('Running');
      await expect(log).toContainText('line 15', { timeout: 40_000 });
      await panel.row('counting').expectState('Completed');
    });

    test('cancel a running and a queued job', async ({ page }) => {
      const surface = await open(page, server);
      const { lab, panel } = surface;
      const cores = String(await mostCores(server, gateway));
      const hog = { Cores: cores, Command: 'sleep 300' };
      await submitCommand(surface, gateway, { Name: 'hog', ...hog });
      await panel.row('hog').expectState('Running');
      await submitCommand(surface, gateway, { Name: 'waiting', ...hog });
      await panel.row('waiting').expectState('Queued');

      for (const name of ['waiting', 'hog']) {
        await panel.row(name).press('Cancel');
        await lab.dialog().getByRole('button', { name: 'Cancel Job' }).click();
        await panel.row(name).expectState('Cancelled');
      }
    });

    test('what it may cost, and what is left', async ({ page }) => {
      test.skip(gateway.id === 'local', 'This machine charges nobody');
      const { panel, form } = await open(page, server);
      await panel.show();
      await panel.newJob();
      await form.chooseKind('Command');
      await form.fill({ Name: 'priced', Command: 'true', Cores: '6' });
      await form.fill({ 'Time limit': '30 min' });
      await form.chooseGateway(gateway.id);
      await expect(form.root).toContainText('up to 3 core-hours');
      await panel.root.getByText('Allocations', { exact: true }).click();
      await expect(panel.root.getByRole('listitem')).toContainText([
        /^debug, yours.*4 running jobs/
      ]);
      await expect(panel.root.getByRole('listitem').first()).toBeInViewport();
    });

    test('orders from the menu, where the batch system can', async ({
      page
    }) => {
      test.skip(
        gateway.name !== 'slurm-cli',
        'Only the tools of Slurm suspend jobs and put them into the queue again'
      );
      const surface = await open(page, server);
      const { lab, panel } = surface;
      await submitCommand(surface, gateway, {
        Name: 'ordered',
        Command: 'sleep 300'
      });
      const row = panel.row('ordered');
      await row.expectState('Running');
      await row.choose('Suspend Job');
      await row.expectState('Suspended');
      await row.choose('Resume Job');
      await row.expectState('Running');

      await row.choose('Change Job…');
      await expect(lab.dialog()).toContainText('It is 10 min now.');
      await lab.dialog().getByLabel('Time limit').fill('8m');
      await page.keyboard.press('Enter');
      await expect(row.root).toContainText('of 8 min');

      await row.choose('Run Again From the Start…');
      await lab.dialog().getByRole('button', { name: 'Run Again' }).click();
      const id = await row.id();
      await expect
        .poll(
          async () => {
            const job = await server.call('GET', `jobs/${id}`);
            return (await job.json()).attempt;
          },
          { timeout: 120_000 }
        )
        .toBe(2);
      await row.press('Cancel');
      await lab.dialog().getByRole('button', { name: 'Cancel Job' }).click();
      await row.expectState('Cancelled');
    });
  });
}

interface ISurface {
  lab: Lab;
  panel: JobsPanel;
  form: ComposeForm;
}

async function open(page: Page, server: JupyterServer): Promise<ISurface> {
  const lab = new Lab(page, server);
  await lab.open();
  const panel = new JobsPanel(page);
  return { lab, panel, form: new ComposeForm(page) };
}

async function submitCommand(
  { panel, form }: ISurface,
  gateway: IGatewayCase,
  values: Record<string, string>
): Promise<void> {
  await panel.show();
  await panel.newJob();
  await form.chooseKind('Command');
  await form.fill({ 'Time limit': '10 min', ...values });
  await form.chooseGateway(gateway.id);
  await form.submit();
}

/** The most that one job can ask for: two of that size do not run at once. */
async function mostCores(
  server: JupyterServer,
  gateway: IGatewayCase
): Promise<number> {
  const answer = await server.call('GET', `gateways/${gateway.id}`);
  const { limits } = await answer.json();
  return limits.max_cores;
}
