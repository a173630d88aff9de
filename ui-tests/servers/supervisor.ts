import { readdirSync, readFileSync } from 'node:fs';

/**
 * End the engine and the jobs of a server, which outlive it on purpose.
 *
 * @param folder - Of the server: whatever runs for it names the folder in its command line or in
 * its environment.
 */
export function stopSupervisor(folder: string): void {
  for (const pid of processes()) {
    if (
      isSupervisor(pid, folder) ||
      isOf(pid, 'environ', `BATCH_RUN_DIRECTORY=${folder}/`)
    ) {
      signal(pid, 'SIGKILL');
    }
  }
  killOwners(folder);
}

/** Tell whether anything still runs for a server: what started a Dask cluster cleans up after it. */
export function isAnythingLeft(folder: string): boolean {
  return processes().some(
    pid =>
      isOf(pid, 'cmdline', `${folder}/`) || isOf(pid, 'environ', `${folder}/`)
  );
}

/** End the owners of the Dask clusters of a server; their workers end by themselves. */
export function killOwners(folder: string): void {
  signalOwners(folder, 'SIGKILL');
}

/** Let the schedulers of a server hang, or go on. */
export function signalOwners(folder: string, name: NodeJS.Signals): void {
  processes()
    .filter(pid => isOf(pid, 'cmdline', `owner.py\0${folder}/`))
    .forEach(pid => signal(pid, name));
}

/** End the workers of a Dask cluster; it starts others. */
export function killWorkers(clusterId: string): void {
  processesOf(clusterId)
    .filter(pid => isOf(pid, 'cmdline', 'spawn_main'))
    .forEach(pid => signal(pid, 'SIGKILL'));
}

/** What runs of a job or of a Dask cluster. */
export function processesOf(id: string): readonly number[] {
  return processes().filter(pid => isOf(pid, 'environ', `BATCH_JOB_ID=${id}`));
}

/** Let the engine of a server hang, or go on. */
export function signalSupervisor(
  folder: string,
  name: 'SIGSTOP' | 'SIGCONT'
): void {
  processes()
    .filter(pid => isSupervisor(pid, folder))
    .forEach(pid => signal(pid, name));
}

function isSupervisor(pid: number, folder: string): boolean {
  return isOf(pid, 'cmdline', `--state-directory\0${folder}/`);
}

function processes(): number[] {
  return readdirSync('/proc').filter(isNumber).map(Number);
}

function isNumber(name: string): boolean {
  return /^\d+$/.test(name);
}

function isOf(pid: number, file: string, text: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf-8').includes(text);
  } catch (error) {
    return rethrowUnlessGone(error);
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    rethrowUnlessGone(error);
  }
}

/** A process may end between two looks, or be another user's. */
function rethrowUnlessGone(error: unknown): false {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (!['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(code)) {
    throw error;
  }
  return false;
}
