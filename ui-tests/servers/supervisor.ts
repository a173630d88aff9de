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
      isOf(pid, 'cmdline', `--state-directory\0${folder}/`) ||
      isOf(pid, 'environ', `BATCH_RUN_DIRECTORY=${folder}/`)
    ) {
      end(pid);
    }
  }
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

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
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
