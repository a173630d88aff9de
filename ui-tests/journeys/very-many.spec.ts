import { expect, type Page, test } from '@playwright/test';

import { execute, EXPOSED } from '../pages/application';
import { ComposeForm } from '../pages/compose-form';
import { JobPage } from '../pages/job-page';
import { JobsPanel } from '../pages/jobs-panel';
import { Lab } from '../pages/lab';
import { expectReachable, expectReadable } from '../pages/layout';
import { JupyterServer } from '../servers/jupyter-server';
import { SlurmCluster } from '../servers/slurm-cluster';

const NAME_LENGTH = 200;
const QUEUES = Array.from({ length: 200 }, (_, at) =>
  `queue${at}`.padEnd(NAME_LENGTH, 'q')
);
/** Beside this machine and Slurm there are many that do not answer. */
const FAR_GATEWAYS = 48;
/** Of each there is very much to be looked at. */
const LOOKS_LONG_MS = 300_000;
const MISSING = SlurmCluster.missing();

test.skip(MISSING !== null, MISSING ?? '');

let cluster: SlurmCluster;
let server: JupyterServer;
let jobId: string;

test.beforeAll(async () => {
  cluster = await SlurmCluster.up();
  cluster.scontrol(
    QUEUES.map(name => `create PartitionName=${name} Nodes=n1,n2`)
  );
  server = await JupyterServer.start({
    config: `c.BatchExtension.gateways = [
      {'kind': 'local'},
      {'kind': 'slurm', 'title': 'slurm'.ljust(${NAME_LENGTH}, 's'), 'transport': 'cli'},
    ] + [
      {'kind': 'slurm', 'id': f'far-{n}', 'title': f'far{n}'.ljust(${NAME_LENGTH}, 'f'), 'url': 'http://127.0.0.1:9'}
      for n in range(${FAR_GATEWAYS})
    ]
    ${EXPOSED}`.replace(/\n {4}/g, '\n'),
    environment: { SLURM_CONF: cluster.confPath }
  });
  jobId = await submit('j'.repeat(NAME_LENGTH), QUEUES[7]);
});

test.afterAll(async () => {
  await server.stop();
  cluster.scontrol(QUEUES.map(name => `delete PartitionName=${name}`));
});

for (const width of [240, 400]) {
  test(`the panel at ${width} pixels`, async ({ page }) => {
    test.setTimeout(LOOKS_LONG_MS);
    const panel = await open(page);
    await panel.resize(width);
    await expectReadable(panel.root);
    await expectReachable(panel.root);
  });
}

for (const width of [1024, 1440]) {
  test(`the form and the page of a job at ${width} pixels`, async ({
    page
  }) => {
    test.setTimeout(LOOKS_LONG_MS);
    await page.setViewportSize({ width, height: 800 });
    const panel = await open(page);
    await panel.newJob();
    const form = new ComposeForm(page);
    await form.chooseKind('Command');
    await form.fill({ Name: 'n'.repeat(NAME_LENGTH), Command: 'true' });
    await form.chooseGateway('slurm');
    await form.field('Queue').selectOption(QUEUES[199]);
    await expect(form.preview).toContainText(QUEUES[199]);
    await expectReadable(form.root);
    await expectReachable(form.root);

    await panel.rowOf(jobId).root.click();
    const { root } = new JobPage(page);
    await expect(root).toContainText(QUEUES[7]);
    await expectReadable(root);
    await expectReachable(root);
  });
}

/** Open JupyterLab with the panel, in which it is known of every gateway how it is. */
async function open(page: Page): Promise<JobsPanel> {
  await new Lab(page, server).open('');
  await execute(page, 'jupyterlab-batch:show-jobs');
  const panel = new JobsPanel(page);
  await panel.rowOf(jobId).expectState('Completed');
  await expect(panel.root).toContainText(
    `${FAR_GATEWAYS} gateways are not well`
  );
  return panel;
}

async function submit(name: string, queue: string): Promise<string> {
  const answer = await server.call('POST', 'jobs?anyway=true', {
    key: 'very-many-journey-0001',
    body: {
      gateway_id: 'slurm',
      spec: {
        name,
        task: { kind: 'command', argv: ['true'] },
        resources: { cores: 1, memory_bytes: 2 ** 28, walltime_seconds: 60 },
        placement: { queue }
      }
    }
  });
  expect(answer.status, await answer.clone().text()).toBe(201);
  return (await answer.json()).id;
}
