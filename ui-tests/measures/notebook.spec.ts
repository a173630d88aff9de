import { readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';

import { expect } from '@playwright/test';

import { JobsPanel } from '../pages/jobs-panel';
import { Lab } from '../pages/lab';
import type { JupyterServer } from '../servers/jupyter-server';
import { JOB_LIMIT_MS, submit } from './jobs';
import { completedRow, notePainted } from './painted';
import { keep, quantilesOf } from './results';
import { SchedulerList } from './scheduler-list';
import { SCHEDULER, test } from './servers';

/** How long the notebooks take: their ends fall anywhere between two presses of Reload. */
const SECONDS = [2, 2.7, 3.4, 4.1, 4.8, 5.5, 6.2, 6.9];
const RELOAD_MS = 5_000;

/** How long we watch a list that nobody touches. */
const UNTOUCHED_MS = 60_000;

test('from the last cell of a notebook to the painted row', async ({
  page,
  start
}) => {
  const server = await start();
  await new Lab(page, server).open('');
  await new JobsPanel(page).show();

  const delays: number[] = [];
  for (const seconds of SECONDS) {
    const notebook = new TimedNotebook(server, seconds);
    const id = await submit(server, 'local', notebook.name, {
      kind: 'notebook',
      path: notebook.file,
      parameters: {}
    });
    const painted = await notePainted(page, completedRow(id));
    const moment = await painted(JOB_LIMIT_MS);
    expect(moment, notebook.name).not.toBeNull();
    delays.push(Number(moment) - notebook.endedAtMs());
  }
  keep('notebook', quantilesOf(delays));
});

test('the same with jupyter-scheduler', async ({ page, start }) => {
  const server = await start(SCHEDULER);
  await new Lab(page, server).open('');
  const list = new SchedulerList(page, server);
  await list.open();

  const delays: number[] = [];
  for (const seconds of SECONDS) {
    const notebook = new TimedNotebook(server, seconds);
    await list.submit(notebook.name, notebook.file);
    const painted = await notePainted(page, list.completedRow(notebook.name));
    const moment = await list.reloadEvery(RELOAD_MS, painted(JOB_LIMIT_MS));
    expect(moment, notebook.name).not.toBeNull();
    delays.push(Number(moment) - notebook.endedAtMs());
  }

  const notebook = new TimedNotebook(server, 10);
  await list.submit(notebook.name, notebook.file);
  // So that the list shows the job as running, which it does not by itself either.
  await list.reloadUntilShown(notebook.name);
  const painted = await notePainted(page, list.completedRow(notebook.name));
  await list.expectCompleted(notebook.name);
  const untouched = await painted(UNTOUCHED_MS);
  keep('notebook-scheduler', {
    ...quantilesOf(delays),
    untouched_ms:
      untouched === null ? UNTOUCHED_MS : untouched - notebook.endedAtMs(),
    untouched_seen: Number(untouched !== null)
  });
});

/** A notebook whose last cell writes down when it ends, in ns since the epoch. */
class TimedNotebook {
  constructor(
    private readonly server: JupyterServer,
    seconds: number
  ) {
    this.name = `notebook-${seconds}`;
    const code = [
      'import time\n',
      `time.sleep(${seconds})\n`,
      `print(time.time_ns(), file=open('${this.endPath}', 'w'), flush=True)`
    ];
    const notebook = {
      nbformat: 4,
      nbformat_minor: 5,
      metadata: {
        kernelspec: { name: 'python3', display_name: 'Python 3' },
        language_info: { name: 'python' }
      },
      cells: [
        {
          cell_type: 'code',
          id: 'timed',
          execution_count: null,
          metadata: {},
          outputs: [],
          source: code
        }
      ]
    };
    writeFileSync(
      path.join(server.root, this.file),
      JSON.stringify(notebook, null, 1)
    );
  }

  readonly name: string;

  /** Its path in JupyterLab. */
  get file(): string {
    return `${this.name}.ipynb`;
  }

  /** When its last cell ended, in ms since the epoch. */
  endedAtMs(): number {
    return Number(readFileSync(this.endPath, 'utf-8')) / 1e6;
  }

  private get endPath(): string {
    return path.join(this.server.root, `${this.name}.end`);
  }
}
