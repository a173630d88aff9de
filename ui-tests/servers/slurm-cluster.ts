import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';

import { freePort, PROJECT, which } from './programs';

const SCRIPT = path.join(PROJECT, 'tests/slurm_cluster/slurm.sh');
const PORT_COUNT = 6;

/** How it is set up: for us, or as where nobody knows us and there is no slurmdbd. */
export type SlurmProfile = 'ours' | 'stock';

/** A real Slurm on loopback; the same one for all journeys of a worker, and no other's. */
export class SlurmCluster {
  private constructor(
    private readonly profile: SlurmProfile,
    /** Where slurmrestd listens. */
    readonly restUrl: string,
    /** What the command-line tools need to know. */
    readonly confPath: string
  ) {}

  /** Why there can be no Slurm here; null if there can. */
  static missing(): string | null {
    if (process.getuid?.() !== 0) {
      return 'Slurm needs root: its daemons run jobs as other users';
    }
    return which('slurmctld') === null ? 'Slurm is not installed' : null;
  }

  /** Start it, unless it runs already; it ends with the worker. */
  static async up(profile: SlurmProfile = 'ours'): Promise<SlurmCluster> {
    const ports = new Set<number>();
    while (ports.size < PORT_COUNT) {
      ports.add(await freePort());
    }
    const isNew = !existsSync(path.join(ownFolder(profile), 'etc/ports'));
    run(profile, ['up'], {
      SLURM_PROFILE: profile,
      SLURM_WITHOUT_DBD: profile === 'stock' ? '1' : '0',
      ...(isNew ? { SLURM_PORTS: [...ports].join(' ') } : {})
    });
    const lines = run(profile, ['env']);
    return new SlurmCluster(
      profile,
      valueOf('SLURMRESTD', lines),
      valueOf('SLURM_CONF', lines)
    );
  }

  /** A token for slurmrestd. */
  token(lifespanSeconds = 3600, user = 'root'): string {
    return run(this.profile, ['token', user, String(lifespanSeconds)]).trim();
  }

  /** Have its administrator do something, a line each. */
  scontrol(lines: readonly string[]): void {
    execFileSync('scontrol', {
      env: { ...process.env, SLURM_CONF: this.confPath },
      input: `${lines.join('\n')}\n`
    });
  }

  /** Stop or start one of its daemons. */
  control(action: 'start' | 'stop', daemon: string): void {
    run(this.profile, [action, daemon]);
  }
}

/** The folders of those of this worker that were asked for. */
const folders = new Map<SlurmProfile, string>();

function ownFolder(profile: SlurmProfile): string {
  const known = folders.get(profile);
  if (known !== undefined) {
    return known;
  }
  const made = mkdtempSync(path.join(tmpdir(), 'jupyterlab-batch-slurm-'));
  folders.set(profile, made);
  process.once('exit', () => {
    run(profile, ['down']);
    rmSync(made, { recursive: true, force: true });
  });
  return made;
}

function run(
  profile: SlurmProfile,
  argv: string[],
  environment: NodeJS.ProcessEnv = {}
): string {
  return execFileSync(SCRIPT, argv, {
    env: {
      ...process.env,
      ...environment,
      PATH: `${process.env.PATH}:/usr/sbin:/sbin`,
      SLURM_BASE: ownFolder(profile),
      SLURM_SKIP_APT: '1'
    },
    encoding: 'utf-8'
  });
}

function valueOf(name: string, lines: string): string {
  const found = new RegExp(`^export ${name}=(.*)$`, 'm').exec(lines);
  if (!found) {
    throw new Error(`slurm.sh env does not say ${name}.`);
  }
  return found[1];
}
