import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import * as net from 'node:net';
import * as path from 'node:path';

/** The project's own folder. */
export const PROJECT = path.resolve(__dirname, '..', '..');

/** Where a program lies, or null. */
export function which(name: string): string | null {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin'];
  for (const folder of folders) {
    const candidate = path.join(folder, name);
    try {
      accessSync(candidate, constants.X_OK);
      return candidate;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) {
        throw error;
      }
    }
  }
  return null;
}

/** The browser of this machine, or null. */
export function findChromium(): string | null {
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  return names.map(which).find(found => found !== null) ?? null;
}

/**
 * A TCP port on loopback that nobody uses now. It lies below those that Linux
 * gives to outgoing connections: a server that is started again finds it free.
 */
export function freePort(): Promise<number> {
  const port = randomInt(20_000, 32_000);
  return new Promise(resolve => {
    const probe = net.createServer();
    probe.once('error', () => resolve(freePort()));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(port)));
  });
}

/** What a program of the project's Python prints. */
export function runPython(
  script: string,
  environment: NodeJS.ProcessEnv
): string {
  return execFileSync('python', ['-c', script], {
    cwd: PROJECT,
    env: environment,
    encoding: 'utf-8'
  });
}
