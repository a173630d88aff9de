import type { IObservableDisposable } from '@lumino/disposable';
import { Debouncer } from '@lumino/polling';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import { newDraftKey } from '../model/draft';
import { newForm, readForm, titleOf } from '../model/form';
import type { FormContent } from '../model/form';
import type { IBatchClient } from '../tokens';

/** How safe the form is. */
export type DraftState = 'new' | 'unsaved' | 'saving' | 'saved' | 'failed';

/** What the form shows of its draft. Frozen: a change makes a new one. */
export interface IDraftSnapshot {
  /** Sent with every try to submit, as `Idempotency-Key`. */
  readonly key: string;
  readonly content: FormContent;
  readonly state: DraftState;
  /** The key was sent with a submission once. */
  readonly isSent: boolean;
  /** The job that came of it, if the server knows one. */
  readonly jobId: string | null;
  /** Why it could not be saved. */
  readonly error: Error | null;
}

/** One form and its key, kept on the server while it is edited. */
export class DraftStore implements IObservableDisposable {
  constructor(options: DraftStore.IOptions) {
    this._client = options.client;
    this._snapshot = Object.freeze({
      key: newDraftKey(),
      content: options.content ?? newForm(),
      state: 'new',
      isSent: false,
      jobId: null,
      error: null
    });
    this._debouncer = new Debouncer(
      () => this._save().catch(ignoreReported),
      options.saveDelayMs ?? 500
    );
  }

  /**
   * Open a draft that was kept.
   *
   * @throws BatchError with problem `unknown_draft` if there is none.
   */
  static async restore(
    options: DraftStore.IOptions,
    key: string
  ): Promise<DraftStore> {
    const draft = await options.client.getDraft(key);
    const store = new DraftStore(options);
    store._publish({
      key,
      content: readForm(draft.content),
      state: 'saved',
      isSent: draft.sent,
      jobId: draft.job_id
    });
    return store;
  }

  get snapshot(): IDraftSnapshot {
    return this._snapshot;
  }

  get changed(): ISignal<this, IDraftSnapshot> {
    return this._changed;
  }

  get disposed(): ISignal<this, void> {
    return this._disposed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Close it; what was not saved yet is sent off, unless it was thrown away. */
  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    if (this._snapshot.state === 'unsaved') {
      void this._save().catch(ignoreReported);
    }
    this._isDisposed = true;
    this._debouncer.dispose();
    this._disposed.emit();
    Signal.clearData(this);
  }

  /** Take what was typed; it is saved a little later. */
  update(changes: Partial<FormContent>): void {
    if (this._isDisposed) {
      return;
    }
    const content = Object.freeze({ ...this._snapshot.content, ...changes });
    this._publish({ content, state: 'unsaved' });
    void this._debouncer.invoke();
  }

  /**
   * Save now, if anything is unsaved; wait until it is safe.
   *
   * @throws BatchError if that failed; the content stays here.
   */
  async flush(): Promise<void> {
    await this._debouncer.stop();
    if (this._snapshot.state !== 'saved') {
      await this._save();
    }
  }

  /** Note that the key was sent, and which job came of it. */
  markSent(jobId: string | null): void {
    this._publish({ isSent: true, jobId });
  }

  /** Keep the content under a new key: the next submission is another job. */
  renew(): void {
    this._publish({
      key: newDraftKey(),
      state: 'unsaved',
      isSent: false,
      jobId: null
    });
    void this._debouncer.invoke();
  }

  /** Throw the draft away, here and on the server. */
  async discard(): Promise<void> {
    await this._debouncer.stop();
    await this._saving.catch(ignoreReported);
    this._publish({ state: 'new', error: null });
    await this._client.deleteDraft(this._snapshot.key);
  }

  /** Save the content; one save at a time, so that an older one never comes last. */
  private _save(): Promise<void> {
    const { key, content } = this._snapshot;
    const previous = this._saving.catch(ignoreReported);
    this._saving = previous.then(() => this._put(key, content));
    return this._saving;
  }

  private async _put(key: string, content: FormContent): Promise<void> {
    const isCurrent = (): boolean =>
      this._snapshot.key === key && this._snapshot.content === content;
    if (isCurrent()) {
      this._publish({ state: 'saving' });
    }
    try {
      const title = titleOf(content);
      const draft = await this._client.putDraft(key, title, { ...content });
      if (isCurrent()) {
        const isSent = draft.sent || this._snapshot.isSent;
        const jobId = draft.job_id ?? this._snapshot.jobId;
        this._publish({ state: 'saved', isSent, jobId, error: null });
      }
    } catch (error) {
      const reason = error instanceof Error ? error : new Error(String(error));
      this._publish({ state: 'failed', error: reason });
      throw reason;
    }
  }

  private _publish(changes: Partial<IDraftSnapshot>): void {
    if (!this._isDisposed) {
      this._snapshot = Object.freeze({ ...this._snapshot, ...changes });
      this._changed.emit(this._snapshot);
    }
  }

  private readonly _client: IBatchClient;
  private readonly _debouncer: Debouncer<void>;
  private readonly _changed = new Signal<this, IDraftSnapshot>(this);
  private readonly _disposed = new Signal<this, void>(this);
  private _snapshot: IDraftSnapshot;
  private _saving: Promise<void> = Promise.resolve();
  private _isDisposed = false;
}

export namespace DraftStore {
  export interface IOptions {
    client: IBatchClient;
    content?: FormContent;
    saveDelayMs?: number;
  }
}

/** The failure stands in the snapshot already. */
function ignoreReported(): void {}
