import type { IServerOptions } from './jupyter-server';
import { SlurmCluster } from './slurm-cluster';

/** One way in which a job can be run, and what a server needs for it. */
export interface IGatewayCase {
  readonly name: 'local' | 'slurm-rest' | 'slurm-cli';
  /** The id of the gateway on the server. */
  readonly id: string;
  /** Why it cannot be tried on this machine; null if it can. */
  readonly missing: string | null;
  /** Start what is needed, and say how a server is told of it. */
  prepare(): Promise<IServerOptions>;
}

/** All of them: what is promised holds for each. */
export const GATEWAYS: readonly IGatewayCase[] = [
  {
    name: 'local',
    id: 'local',
    missing: null,
    prepare: () => Promise.resolve({})
  },
  {
    name: 'slurm-rest',
    id: 'slurm',
    missing: SlurmCluster.missing(),
    prepare: slurmByRest
  },
  {
    name: 'slurm-cli',
    id: 'slurm',
    missing: SlurmCluster.missing(),
    prepare: slurmByTools
  }
];

async function slurmByRest(): Promise<IServerOptions> {
  const cluster = await SlurmCluster.up();
  return {
    config: besideLocal(`'url': '${cluster.restUrl}'`),
    environment: { SLURM_JWT: cluster.token() }
  };
}

async function slurmByTools(): Promise<IServerOptions> {
  const cluster = await SlurmCluster.up();
  return {
    config: besideLocal("'transport': 'cli'"),
    environment: { SLURM_CONF: cluster.confPath }
  };
}

/** The configuration of a server whose second gateway is Slurm. */
function besideLocal(options: string): string {
  return `c.BatchExtension.gateways = [{'kind': 'local'}, {'kind': 'slurm', 'title': 'Slurm', ${options}}]`;
}
