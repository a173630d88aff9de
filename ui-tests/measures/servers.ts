import * as path from 'node:path';

import { test as base } from '@playwright/test';

import { type IServerOptions, JupyterServer } from '../servers/jupyter-server';
import { PROJECT } from '../servers/programs';

/** Starts a server that is stopped, with all it started, however the measure ends. */
type StartServer = (options?: IServerOptions) => Promise<JupyterServer>;

/** jupyter-scheduler, in the environment that bench/run.sh makes for it. */
export const SCHEDULER: IServerOptions = {
  programs: path.join(PROJECT, '.venv-bench/bin'),
  config: ''
};

/** jupyterlab-slurm, likewise. */
export const SLURM_DASHBOARD: IServerOptions = {
  programs: path.join(PROJECT, '.venv-bench-slurm/bin'),
  config: ''
};

export const test = base.extend<{ start: StartServer }>({
  // eslint-disable-next-line no-empty-pattern -- Playwright reads from the pattern what a fixture needs
  start: async ({}, provide) => {
    const servers: JupyterServer[] = [];
    await provide(async options => {
      const server = await JupyterServer.start(options);
      servers.push(server);
      return server;
    });
    for (const server of servers) {
      await server.stop();
    }
  }
});
