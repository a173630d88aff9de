import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { createInterface } from 'node:readline';

import { PROJECT } from './programs';

/** A real Dask Gateway on loopback, with clusters of real processes. */
export class DaskGateway {
  private constructor(
    private readonly child: ChildProcess,
    /** Where it listens. */
    readonly url: string,
    /** Holds the password of every user. */
    readonly secretFile: string
  ) {}

  /** Start it; it ends with the tests, whatever becomes of them. */
  static async start(): Promise<DaskGateway> {
    const folder = mkdtempSync(path.join(tmpdir(), 'jupyterlab-batch-dask-'));
    const child = spawn(
      'python',
      ['-m', 'tests.gateways.clusters.serve', folder],
      { cwd: PROJECT, stdio: ['pipe', 'pipe', 'inherit'] }
    );
    const lines = createInterface({ input: child.stdout });
    const [line]: string[] = await Promise.race([
      once(lines, 'line'),
      once(child, 'exit').then(() => {
        throw new Error('There is no Dask Gateway.');
      })
    ]);
    const told: unknown = JSON.parse(line);
    if (!isTold(told)) {
      throw new Error(`This is no address of a Dask Gateway: ${line}`);
    }
    return new DaskGateway(child, told.url, told.secret_file);
  }

  /** Lines of Python for the configuration of a server that has it besides its own engine. */
  get config(): string {
    return this.configAt(this.url);
  }

  /** The same with something in front of the gateway, perhaps with our own pace. */
  configAt(url: string, intervalSeconds: number | null = 1): string {
    const pace =
      intervalSeconds === null
        ? ''
        : `, 'looking_interval_seconds': ${intervalSeconds}`;
    const gateway = `{'kind': 'dask-gateway', 'title': 'Dask Gateway', 'url': '${url}', 'auth': 'basic', 'secret_file': '${this.secretFile}'${pace}}`;
    return `c.BatchExtension.gateways = [{'kind': 'local'}, ${gateway}]`;
  }

  /** Let it hang, or go on; its clusters go on. */
  pause(isPaused: boolean): void {
    this.child.stdin?.write(isPaused ? 'pause\n' : 'go on\n');
  }

  /** End it and all its clusters. */
  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.stdin?.end();
    await ended;
  }
}

function isTold(told: unknown): told is { url: string; secret_file: string } {
  return (
    typeof told === 'object' &&
    told !== null &&
    'url' in told &&
    typeof told.url === 'string' &&
    'secret_file' in told &&
    typeof told.secret_file === 'string'
  );
}
