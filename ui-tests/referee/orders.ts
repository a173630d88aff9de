import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';

/** One job to be submitted by the form. */
export interface IFormOrder {
  name: string;
  command: string;
  /** Its id, or null where there is only one. */
  gateway: string | null;
  /** Press again until it is known what came of it, as long as the page lives. */
  insists: boolean;
}

/** What the referee asks for; a file that it writes. */
export interface IOrders {
  url: string;
  token: string;
  /** Begin with an empty JupyterLab; otherwise as the tab before was left. */
  isFirst: boolean;
  forms: readonly IFormOrder[];
  /** What the rows are of that are told. */
  shows: 'jobs' | 'clusters';
}

/** What the referee is told, a line each. */
export type Told =
  | { event: 'ready' }
  | { event: 'sent'; name: string }
  | { event: 'answered'; name: string; status: number; body: unknown }
  | { event: 'unanswered'; name: string; why: string }
  | { event: 'submitted'; name: string }
  | { event: 'gone'; name: string }
  | { event: 'pressed' }
  | { event: 'row'; name: string; label: string | null }
  | { event: 'done' };

/** The folder in which referee and browser leave each other files. */
export class Correspondence {
  constructor(readonly folder: string) {}

  get orders(): IOrders {
    return JSON.parse(readFileSync(this.file('orders.json'), 'utf-8'));
  }

  /** Whether all jobs have come to rest, so that rows can be compared. */
  get isQuiet(): boolean {
    return existsSync(this.file('quiet.json'));
  }

  /** The names of all jobs, each with the word that the server has for it, or null for no job. */
  get jobs(): Readonly<Record<string, string | null>> {
    return JSON.parse(readFileSync(this.file('quiet.json'), 'utf-8'));
  }

  tell(told: Told): void {
    appendFileSync(this.file('told'), `${JSON.stringify(told)}\n`);
  }

  private file(name: string): string {
    return path.join(this.folder, name);
  }
}
