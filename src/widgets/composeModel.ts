import type { Contents } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type { Draft, Gateway } from '../model/contract';
import { toSubmission } from '../model/draft';
import type { FormContent } from '../model/form';
import type { DraftStore } from '../stores/draft';
import type { IBatchClient, IJobsSnapshot, IJobStore } from '../tokens';
import type { IComposeState } from '../views/compose/ComposeForm';
import type { OpenedScript } from '../views/compose/ScriptCard';
import { composeState } from './composeState';
import type { IComposeParts } from './composeState';
import type { DocumentWatch } from './documents';
import { FormLook } from './formLook';
import { areSameChoices, jobChoices } from './jobChoices';
import { isBack, isOvercome } from './recovery';
import { sendSeen } from './seenWarnings';
import { Sending } from './sending';

/** What the compose form shows, put together from its draft, the server's check and the notebook. */
export class ComposeModel implements IDisposable {
  constructor(options: ComposeModel.IOptions) {
    const { client, jobs, draft, documents } = options;
    this._client = client;
    this._jobs = jobs;
    this._lastJobs = jobs.snapshot;
    this._draft = draft;
    this._documents = documents;
    this._defaultGateway = options.defaultGateway;
    this._isTouched = options.isRestored;
    this._attached = jobs.attach();
    this._look = new FormLook(options);
    this._state = this._compose();
    draft.changed.connect(this._onDraftChanged, this);
    jobs.changed.connect(this._onJobsChanged, this);
    this._look.changed.connect(this._publish, this);
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

  /** What was typed is kept nowhere else: the server would not, or could not, take it. */
  get isAtRisk(): boolean {
    const { state, jobId } = this._draft.snapshot;
    return this._isTouched && state === 'failed' && jobId === null;
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
    this._look.dispose();
    this._sending.dispose();
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

  /** Take what a script says in place of all that stands in the form. */
  takeScript(content: FormContent, script: OpenedScript): void {
    this._look.takeScript(script);
    this.update(content);
  }

  /** Look again whether the notebook is open and changed. */
  lookAtDocument(): void {
    this._look.lookAtDocument();
  }

  /**
   * Hand the job over, once; a second call while the first one runs does nothing.
   *
   * @returns whether there is a job now because of this call.
   */
  async submit(anyway: boolean): Promise<boolean> {
    const { content } = this._draft.snapshot;
    const { submission } = toSubmission(content, this._look.contextOf(content));
    const { issues, areIssuesOld } = this._state;
    if (this._sending.isSubmitting || !submission) {
      return false;
    }
    this._isTouched = true;
    this._sending.begin();
    this._refusal = null;
    this._look.forget();
    try {
      // A form that cannot be kept can be submitted all the same: its key is here.
      await this._draft.flush().catch(ignoreReported);
      const job = await sendSeen(
        isAnyway =>
          this._client.submit(submission, this.key, { anyway: isAnyway }),
        anyway ? { issues, areOld: areIssuesOld } : null
      );
      this._jobs.accept(job);
      this._draft.markSent(job.id);
      return true;
    } catch (error) {
      const reason = error instanceof Error ? error : new Error(String(error));
      this._refusal = { content, error: reason };
      return false;
    } finally {
      this._sending.end();
    }
  }

  /** Look at the form once more: what stood in its way may be gone. */
  async lookAgain(): Promise<void> {
    const refusal = this._refusal;
    await this._look.now();
    if (this._refusal === refusal) {
      this._refusal = null;
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
      this._look.fail(error);
    }
    await this.lookAgain();
  }

  /** Ask a gateway afresh. */
  async retryGateway(gateway: Gateway): Promise<void> {
    try {
      await this._client.getGateway(gateway.id);
      await this._jobs.refresh();
    } catch (error) {
      this._look.fail(error);
    }
    await this.lookAgain();
  }

  private async _listDrafts(): Promise<void> {
    try {
      const drafts = await this._client.listDrafts();
      this._drafts = drafts.filter(
        ({ key, sent }) => !sent && key !== this.key
      );
    } catch (error) {
      this._look.fail(error);
    }
    this._publish();
  }

  private _onDraftChanged(): void {
    if (this._isDisposed) {
      return;
    }
    if (this._draft.snapshot.content !== this._lastContent) {
      this._lastContent = this._draft.snapshot.content;
      this._refusal = null;
      this._look.soon();
    }
    this._publish();
  }

  private _onJobsChanged(): void {
    const { gateways } = this._jobs.snapshot;
    const { content } = this._draft.snapshot;
    this._recover(this._lastJobs, this._jobs.snapshot);
    this._lastJobs = this._jobs.snapshot;
    if (content.gateway_id === '' && gateways.length > 0) {
      const chosen =
        gateways.find(({ id }) => id === this._defaultGateway) ?? gateways[0];
      this._draft.update({ gateway_id: chosen.id });
    }
    const choices = jobChoices(this._jobs.snapshot, content.gateway_id);
    if (gateways !== this._state.gateways) {
      if (gateways.length === 0) {
        this._look.soon();
      }
      this._publish();
    } else if (!areSameChoices(choices, this._state.choices)) {
      this._publish();
    }
  }

  /** Do again what failed only for a while; submitting again is the user's. */
  private _recover(before: IJobsSnapshot, now: IJobsSnapshot): void {
    const { content, state } = this._draft.snapshot;
    const error = this._refusal?.error ?? null;
    if (isOvercome(error, content.gateway_id, before, now)) {
      this._refusal = null;
      this._publish();
    }
    if (isBack(before, now)) {
      this._look.soon();
      if (state === 'failed') {
        this._draft.flush().catch(ignoreReported);
      }
    }
  }

  private _publish(): void {
    if (!this._isDisposed) {
      this._state = this._compose();
      this._changed.emit(this._state);
    }
  }

  private _compose(): IComposeState {
    const { content } = this._draft.snapshot;
    return composeState({
      draft: this._draft.snapshot,
      ...this._look.snapshot,
      refusal: this._refusal,
      sending: this._sending,
      isDocumentDirty: this._documents?.isDirty ?? false,
      gateways: this._jobs.snapshot.gateways,
      choices: jobChoices(this._jobs.snapshot, content.gateway_id),
      drafts: this._drafts
    });
  }

  private readonly _client: IBatchClient;
  private readonly _jobs: IJobStore;
  private readonly _draft: DraftStore;
  private readonly _documents: DocumentWatch | null;
  private readonly _defaultGateway: string;
  private readonly _attached: IDisposable;
  private readonly _look: FormLook;
  private readonly _changed = new Signal<this, IComposeState>(this);
  private _state: IComposeState;
  private _lastContent: FormContent | null = null;
  private _drafts: readonly Draft[] = [];
  private _lastJobs: IJobsSnapshot;
  private _refusal: IComposeParts['refusal'] = null;
  private readonly _sending = new Sending(() => this._publish());
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
