import { ServerConnection } from '@jupyterlab/services';
import type { Contents } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import { Debouncer } from '@lumino/polling';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type { Draft, Gateway } from '../model/contract';
import { toSubmission } from '../model/draft';
import type { FormContent } from '../model/form';
import { readParameters } from '../model/parameters';
import type { DraftStore } from '../stores/draft';
import type { IBatchClient, IJobStore } from '../tokens';
import type { IComposeState } from '../views/compose/ComposeForm';
import { composeState } from './composeState';
import type { IComposeParts } from './composeState';
import type { DocumentWatch } from './documents';

/** What the compose form shows, put together from its draft, the server's check and the notebook. */
export class ComposeModel implements IDisposable {
  constructor(options: ComposeModel.IOptions) {
    const { client, jobs, draft, contents, documents } = options;
    this._client = client;
    this._jobs = jobs;
    this._draft = draft;
    this._contents = contents;
    this._documents = documents;
    this._defaultGateway = options.defaultGateway;
    this._isTouched = options.isRestored;
    this._attached = jobs.attach();
    this._debouncer = new Debouncer(() => this._look(), 250);
    this._state = this._compose();
    draft.changed.connect(this._onDraftChanged, this);
    jobs.changed.connect(this._onJobsChanged, this);
    documents?.changed.connect(this._publish, this);
    this._onJobsChanged();
    this._onDraftChanged();
    void this._listDrafts();
  }

  get snapshot(): IComposeState {
    return this._state;
  }

  get changed(): ISignal<this, IComposeState> {
    return this._changed;
  }

  /** The draft's key. */
  get key(): string {
    return this._draft.snapshot.key;
  }

  /** The user has changed something. */
  get isTouched(): boolean {
    return this._isTouched;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._attached.dispose();
    this._debouncer.dispose();
    this._draft.changed.disconnect(this._onDraftChanged, this);
    this._jobs.changed.disconnect(this._onJobsChanged, this);
    this._documents?.dispose();
    if (!this._isTouched && !this._draft.snapshot.isSent) {
      this._draft.discard().catch(ignoreLeftover);
    }
    this._draft.dispose();
    Signal.clearData(this);
  }

  /** Take what was typed. */
  update(changes: Partial<FormContent>): void {
    this._isTouched = true;
    this._draft.update(changes);
  }

  /** Look again whether the notebook is open and changed. */
  lookAtDocument(): void {
    const { kind, path } = this._draft.snapshot.content;
    this._documents?.watch(kind === 'command' ? '' : path);
  }

  /**
   * Hand the job over, once; a second call while the first one runs does nothing.
   *
   * @returns whether there is a job now because of this call.
   */
  async submit(anyway: boolean): Promise<boolean> {
    const { submission } = toSubmission(this._draft.snapshot.content);
    if (this._isSubmitting || !submission) {
      return false;
    }
    this._isTouched = true;
    this._isSubmitting = true;
    this._error = null;
    this._publish();
    try {
      // A form that cannot be kept can be submitted all the same: its key is here.
      await this._draft.flush().catch(ignoreReported);
      const job = await this._client.submit(submission, this.key, { anyway });
      this._jobs.accept(job);
      this._draft.markSent(job.id);
      return true;
    } catch (error) {
      this._fail(error);
      return false;
    } finally {
      this._isSubmitting = false;
      this._publish();
    }
  }

  /** Make this form that of another job. */
  submitAnother(): void {
    this._draft.renew();
  }

  async saveNotebook(): Promise<void> {
    try {
      await this._documents?.save();
    } catch (error) {
      this._fail(error);
    }
    await this._look();
  }

  /** Ask a gateway afresh. */
  async retryGateway(gateway: Gateway): Promise<void> {
    try {
      await this._client.getGateway(gateway.id);
      await this._jobs.refresh();
    } catch (error) {
      this._fail(error);
    }
    await this._look();
  }

  /** Check the form as it is now, and read the notebook's parameters. */
  private async _look(): Promise<void> {
    const { content } = this._draft.snapshot;
    this.lookAtDocument();
    await Promise.all([this._check(content), this._readNotebook(content)]);
  }

  private async _check(content: FormContent): Promise<void> {
    const { submission } = toSubmission(content);
    if (!submission || !content.gateway_id) {
      this._checked = { content, check: null };
      this._publish();
      return;
    }
    try {
      const check = await this._client.check(submission);
      if (content === this._draft.snapshot.content) {
        this._checked = { content, check };
        this._error = null;
      }
    } catch (error) {
      this._fail(error);
    }
    this._publish();
  }

  private async _readNotebook(content: FormContent): Promise<void> {
    const { kind, path } = content;
    if (kind !== 'notebook' || !path.endsWith('.ipynb')) {
      this._notebook = null;
      return;
    }
    try {
      const file = await this._contents.get(path, {
        type: 'notebook',
        content: true
      });
      this._notebook = { path, parameters: readParameters(file.content) };
    } catch (error) {
      this._notebook = null;
      // A notebook that is not there is said by the check, at its field.
      if (!(error instanceof ServerConnection.ResponseError)) {
        this._fail(error);
      }
    }
    this._publish();
  }

  private async _listDrafts(): Promise<void> {
    try {
      const drafts = await this._client.listDrafts();
      this._drafts = drafts.filter(
        ({ key, sent }) => !sent && key !== this.key
      );
    } catch (error) {
      this._fail(error);
    }
    this._publish();
  }

  private _onDraftChanged(): void {
    if (this._isDisposed) {
      return;
    }
    if (this._draft.snapshot.content !== this._lastContent) {
      this._lastContent = this._draft.snapshot.content;
      void this._debouncer.invoke();
    }
    this._publish();
  }

  private _onJobsChanged(): void {
    const { gateways } = this._jobs.snapshot;
    const { content } = this._draft.snapshot;
    if (content.gateway_id === '' && gateways.length > 0) {
      const chosen =
        gateways.find(({ id }) => id === this._defaultGateway) ?? gateways[0];
      this._draft.update({ gateway_id: chosen.id });
    }
    if (gateways !== this._state.gateways) {
      this._publish();
    }
  }

  private _fail(error: unknown): void {
    this._error = error instanceof Error ? error : new Error(String(error));
    this._publish();
  }

  private _publish(): void {
    if (!this._isDisposed) {
      this._state = this._compose();
      this._changed.emit(this._state);
    }
  }

  private _compose(): IComposeState {
    return composeState({
      draft: this._draft.snapshot,
      checked: this._checked,
      notebook: this._notebook,
      error: this._error,
      isSubmitting: this._isSubmitting,
      isDocumentDirty: this._documents?.isDirty ?? false,
      gateways: this._jobs.snapshot.gateways,
      drafts: this._drafts
    });
  }

  private readonly _client: IBatchClient;
  private readonly _jobs: IJobStore;
  private readonly _draft: DraftStore;
  private readonly _contents: Contents.IManager;
  private readonly _documents: DocumentWatch | null;
  private readonly _defaultGateway: string;
  private readonly _attached: IDisposable;
  private readonly _debouncer: Debouncer<void>;
  private readonly _changed = new Signal<this, IComposeState>(this);
  private _state: IComposeState;
  private _lastContent: FormContent | null = null;
  private _checked: IComposeParts['checked'] = { content: null, check: null };
  private _notebook: IComposeParts['notebook'] = null;
  private _drafts: readonly Draft[] = [];
  private _error: Error | null = null;
  private _isSubmitting = false;
  private _isTouched: boolean;
  private _isDisposed = false;
}

export namespace ComposeModel {
  export interface IOptions {
    client: IBatchClient;
    jobs: IJobStore;
    /** Disposed with the model. */
    draft: DraftStore;
    contents: Contents.IManager;
    /** Disposed with the model. */
    documents: DocumentWatch | null;
    /** The draft was kept before: it stays when the form is closed untouched. */
    isRestored: boolean;
    /** Chosen while the form names no gateway. */
    defaultGateway: string;
  }
}

/** A draft that nobody touched may stay behind; the server drops the oldest. */
function ignoreLeftover(): void {}

/** The failure stands in the draft's snapshot already. */
function ignoreReported(): void {}
