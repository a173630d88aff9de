import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as path from 'node:path';

import { PROJECT } from './programs';

/** The programs beside which `make test` installs the wheel. */
export const INSTALLED = path.join(PROJECT, '.venv-wheel/bin');

/** Whoever a server runs as. */
export interface IUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** A user of this machine by name. */
export function findUser(name: string): IUser {
  const id = (which: string) =>
    Number(execFileSync('id', [which, name], { encoding: 'utf-8' }));
  return { name, uid: id('-u'), gid: id('-g') };
}

/** Why a user cannot run what was installed; null if that works. */
export function whyNotInstalled({ name, uid, gid }: IUser): string | null {
  const python = path.join(INSTALLED, 'python');
  if (!existsSync(python)) {
    throw new Error('`make .made/wheel` installs the wheel.');
  }
  try {
    execFileSync(python, ['-c', ''], { uid, gid, cwd: '/', stdio: 'ignore' });
    return null;
  } catch {
    return `${name} may not enter ${PROJECT}, or not run its Python`;
  }
}
