import { Throttler } from '@lumino/polling';

import type { JobFile } from '../model/contract';
import { FILES_WINDOW } from '../model/files';
import type { IJobDetails } from '../tokens';
import { AskingStore } from './snapshotStore';

const INTERVAL_MS = 2_000;

/** What is shown of a run directory. Frozen: a change makes a new one. */
export interface IFilesSnapshot {
  /** Which folder: below the run directory, empty for that itself. */
  readonly folder: string;
  /** A window of it; null before the first answer. */
  readonly files: readonly JobFile[] | null;
  /** So many entries stand before the window. */
  readonly offset: number;
  readonly total: number;
  /** There are more than the server counts. */
  readonly isMore: boolean;
  /** The job ran, and nothing that it wrote is to be seen. */
  readonly isNothingSeen: boolean;
  readonly error: Error | null;
}

/** Nothing is known yet. */
export const NO_FILES: IFilesSnapshot = Object.freeze({
  folder: '',
  files: null,
  offset: 0,
  total: 0,
  isMore: false,
  isNothingSeen: false,
  error: null
});

/** The files of one job; asked for only while somebody looks. */
export class JobFilesStore extends AskingStore<IFilesSnapshot> {
  constructor(options: JobFilesStore.IOptions) {
    super(NO_FILES);
    this._details = options.details;
    this._jobId = options.jobId;
    this._throttler = new Throttler(() => this.refresh(), {
      limit: options.intervalMs ?? INTERVAL_MS,
      edge: 'trailing'
    });
  }

  override dispose(): void {
    this._throttler.dispose();
    super.dispose();
  }

  /** Somebody looks, or looks no more. */
  look(isLooking: boolean): void {
    this._isLooked = isLooking;
    if (isLooking) {
      void this.refresh();
    }
  }

  /** Note the last change of the job: its files may be others by now. */
  expect(revision: number): void {
    if (revision !== this._revision) {
      this._revision = revision;
      if (this._isLooked) {
        // What waits when this is disposed is rejected: nobody needs it.
        this._throttler.invoke().catch(() => undefined);
      }
    }
  }

  /** Show a folder from its beginning. */
  open(folder: string): Promise<void> {
    this._wanted = { folder, offset: 0 };
    return this.refresh();
  }

  /** Show the window that begins behind so many entries. */
  goTo(offset: number): Promise<void> {
    this._wanted = { ...this._wanted, offset };
    return this.refresh();
  }

  protected async ask(): Promise<IFilesSnapshot> {
    const wanted = this._wanted;
    const found = await this._details.listFiles(this._jobId, {
      ...wanted,
      limit: FILES_WINDOW
    });
    return {
      ...wanted,
      total: found.total,
      isMore: found.is_more,
      isNothingSeen: found.is_nothing_seen,
      files: found.files,
      error: null
    };
  }

  private readonly _details: IJobDetails;
  private readonly _jobId: string;
  private readonly _throttler: Throttler<void>;
  private _wanted = { folder: '', offset: 0 };
  private _revision = 0;
  private _isLooked = false;
}

export namespace JobFilesStore {
  export interface IOptions {
    details: IJobDetails;
    jobId: string;
    intervalMs?: number;
  }
}
