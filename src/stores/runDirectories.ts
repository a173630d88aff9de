import type { RemovalResult, RunDirectory } from '../model/contract';
import type { IRunDirectories } from '../tokens';
import { SnapshotStore } from './snapshotStore';

/** So many are asked for at a time. */
const WINDOW = 200;
/** So many are removed by one call: large ones take their time. */
const AT_ONCE = 20;

/** What is known of run directories. Frozen: a change makes a new one. */
export interface IRunDirectoriesSnapshot {
  /** Newest first; null until they were heard. */
  readonly rows: readonly RunDirectory[] | null;
  /** Where the next window begins; null if all are here. */
  readonly cursor: string | null;
  /** The ids of the jobs whose directories are selected. */
  readonly chosen: ReadonlySet<string>;
  /** What came of those that could not be removed. */
  readonly refused: readonly RemovalResult[];
  readonly isBusy: boolean;
  readonly error: Error | null;
}

/** The run directories of this server's jobs, as they were when they were last asked for. */
export class RunDirectoriesStore extends SnapshotStore<IRunDirectoriesSnapshot> {
  constructor(private readonly _server: IRunDirectories) {
    super({
      rows: null,
      cursor: null,
      chosen: new Set(),
      refused: [],
      isBusy: false,
      error: null
    });
  }

  /** Those that are selected. */
  get selected(): readonly RunDirectory[] {
    const { rows, chosen } = this.snapshot;
    return (rows ?? []).filter(({ job_id }) => chosen.has(job_id));
  }

  /** Ask again, from the newest on. */
  async refresh(): Promise<void> {
    await this._run(async () => {
      const { rows, cursor } = await this._server.list(null, WINDOW);
      const removable = rows.filter(({ is_over }) => is_over);
      const chosen = removable
        .map(({ job_id }) => job_id)
        .filter(id => this.snapshot.chosen.has(id));
      this.publish({ rows, cursor, chosen: new Set(chosen), refused: [] });
    });
  }

  /** Show the next window too. */
  async loadMore(): Promise<void> {
    const from = this.snapshot.cursor;
    await this._run(async () => {
      const { rows, cursor } = await this._server.list(from, WINDOW);
      const known = this.snapshot.rows ?? [];
      this.publish({ rows: [...known, ...rows], cursor });
    });
  }

  /** Select or leave out some; what still runs cannot be selected. */
  choose(jobIds: readonly string[], isChosen: boolean): void {
    const chosen = new Set(this.snapshot.chosen);
    for (const { job_id, is_over } of this.snapshot.rows ?? []) {
      if (jobIds.includes(job_id)) {
        chosen.delete(job_id);
        if (isChosen && is_over) {
          chosen.add(job_id);
        }
      }
    }
    this.publish({ chosen });
  }

  /** Remove some, with all that is in them; what could not be removed stays selected. */
  async remove(jobIds: readonly string[]): Promise<void> {
    await this._run(async () => {
      this.publish({ refused: [] });
      for (let start = 0; start < jobIds.length; start += AT_ONCE) {
        const part = jobIds.slice(start, start + AT_ONCE);
        this._take(await this._server.remove(part));
      }
    });
  }

  private _take(results: readonly RemovalResult[]): void {
    const isGone = ({ outcome }: RemovalResult): boolean =>
      outcome === 'ok' || outcome === 'not_found';
    const gone = new Set(results.filter(isGone).map(({ job_id }) => job_id));
    const { rows, chosen, refused } = this.snapshot;
    this.publish({
      rows: rows && rows.filter(({ job_id }) => !gone.has(job_id)),
      chosen: new Set([...chosen].filter(id => !gone.has(id))),
      refused: [...refused, ...results.filter(result => !isGone(result))]
    });
  }

  /** One thing after the other: what is asked for meanwhile is not done. */
  private async _run(work: () => Promise<void>): Promise<void> {
    if (this.snapshot.isBusy) {
      return;
    }
    this.publish({ isBusy: true, error: null });
    try {
      await work();
    } catch (error) {
      this.fail(error);
    } finally {
      this.publish({ isBusy: false });
    }
  }
}
