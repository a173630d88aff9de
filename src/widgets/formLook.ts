import type { Contents } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import { Debouncer } from '@lumino/polling';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import { BatchError } from '../api/errors';
import { fromSubmission, toSubmission } from '../model/draft';
import type { FormContent } from '../model/form';
import { filesOf } from '../model/formTasks';
import type { FormContext } from '../model/formTasks';
import { NO_TABLES } from '../model/sweep';
import type { DraftStore } from '../stores/draft';
import type { IBatchClient, IJobStore } from '../tokens';
import type { OpenedScript } from '../views/compose/ScriptCard';
import { contextOf, isOf } from './composeState';
import type { IComposeParts } from './composeState';
import type { DocumentWatch } from './documents';
import { readNotebook } from './notebookParameters';
import { TableReader } from './tableReader';

const DELAY_MS = 250;

/** What is known of a form beside what was typed. Frozen: a look makes a new one. */
export type Looked = Readonly<
  Pick<
    IComposeParts,
    'checked' | 'notebook' | 'tables' | 'original' | 'script' | 'error'
  >
>;

/** Asks what the server says of a form, and which parameters its notebook takes. */
export class FormLook implements IDisposable {
  constructor(options: FormLook.IOptions) {
    this._options = options;
    this._reader = new TableReader(options.contents);
    this._debouncer = new Debouncer(() => this.now(), DELAY_MS);
  }

  get snapshot(): Looked {
    return this._snapshot;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._debouncer.dispose();
      Signal.clearData(this);
    }
  }

  /** Look once typing has stopped. */
  soon(): void {
    void this._debouncer.invoke();
  }

  /** Look at the form as it is now. */
  async now(): Promise<void> {
    const { content } = this._options.draft.snapshot;
    this.lookAtDocument();
    await Promise.all([
      this._readTables(content).then(() => this._check(content)),
      this._readNotebook(content),
      this._readOriginal(content),
      this._readScript(content)
    ]);
  }

  /** Look whether the notebook is open and changed. */
  lookAtDocument(): void {
    const { kind, path } = this._options.draft.snapshot.content;
    this._options.documents?.watch(kind === 'command' ? '' : path);
  }

  /** Note that a call failed; the next look that goes well forgets it. */
  fail(error: unknown): void {
    this._publish({
      error: error instanceof Error ? error : new Error(String(error))
    });
  }

  /** Forget which call failed. */
  forget(): void {
    this._publish({ error: null });
  }

  /** What a form is read with. */
  contextOf(content: FormContent): FormContext {
    const { gateways } = this._options.jobs.snapshot;
    return contextOf(content, gateways, this._reader.tables);
  }

  private async _readTables(content: FormContent): Promise<void> {
    try {
      if (await this._reader.read(filesOf(content))) {
        this._publish({ tables: this._reader.tables });
      }
    } catch (error) {
      this.fail(error);
    }
  }

  private async _check(content: FormContent): Promise<void> {
    const turn = ++this._turn;
    // Whatever cannot be read: what the server says of the other fields is to be known at once.
    const { readable } = toSubmission(content, this.contextOf(content));
    const isEarly =
      !content.gateway_id && !this._options.jobs.snapshot.areGatewaysKnown;
    if (isEarly) {
      this._publish({ checked: { content, check: null } });
      return;
    }
    const isLast = (): boolean =>
      turn === this._turn && content === this._options.draft.snapshot.content;
    try {
      const check = await this._options.client.check(readable);
      if (isLast()) {
        this._publish({ checked: { content, check }, error: null });
      }
    } catch (error) {
      if (isLast()) {
        this.fail(error);
      }
    }
  }

  private async _readNotebook(content: FormContent): Promise<void> {
    const { kind, path } = content;
    if (kind !== 'notebook' || !path.endsWith('.ipynb')) {
      this._publish({ notebook: null });
      return;
    }
    try {
      const parameters = await readNotebook(this._options.contents, path);
      if (path === this._options.draft.snapshot.content.path) {
        this._publish({ notebook: { path, parameters } });
      }
    } catch (error) {
      this.fail(error);
    }
  }

  /** Read what the job was asked that the form was filled in from, once. */
  private async _readOriginal({ edited_job }: FormContent): Promise<void> {
    if (edited_job === this._originalId || edited_job === '') {
      return;
    }
    this._originalId = edited_job;
    try {
      const { id, name, ...job } =
        await this._options.client.getJob(edited_job);
      const content = { ...fromSubmission(job), edited_job: id };
      this._publish({ original: { id, name, content } });
    } catch (error) {
      // It may be forgotten: then no differences are said, and the form works all the same.
      if (
        error instanceof BatchError &&
        error.problem?.code === 'unknown_job'
      ) {
        return;
      }
      this._originalId = '';
      this.fail(error);
    }
  }

  /** Take what became of the lines of a script that was opened just now. */
  takeScript(script: OpenedScript): void {
    this._publish({ script });
  }

  /** Read the script again that a kept form was filled in from, to say what became of its lines. */
  private async _readScript(content: FormContent): Promise<void> {
    const { opened_script: path, opened_for: gatewayId } = content;
    const id = `${gatewayId} ${path}`;
    const isKnown = isOf(content, this._snapshot.script);
    if (path === '' || isKnown || id === this._scriptId) {
      return;
    }
    this._scriptId = id;
    try {
      const { client } = this._options;
      const imported = await client.importScript(gatewayId, path);
      this._publish({ script: { path, gatewayId, imported } });
    } catch (error) {
      // It may be gone or be no batch script any more: the form works all the same.
      if (error instanceof BatchError && error.problem?.code === 'not_valid') {
        return;
      }
      this._scriptId = '';
      this.fail(error);
    }
  }

  private _publish(changes: Partial<Looked>): void {
    if (!this._isDisposed) {
      this._snapshot = Object.freeze({ ...this._snapshot, ...changes });
      this._changed.emit();
    }
  }

  private readonly _options: FormLook.IOptions;
  private readonly _reader: TableReader;
  private readonly _debouncer: Debouncer<void>;
  private readonly _changed = new Signal<this, void>(this);
  private _snapshot: Looked = Object.freeze({
    checked: { content: null, check: null },
    notebook: null,
    tables: NO_TABLES,
    original: null,
    script: null,
    error: null
  });
  private _turn = 0;
  private _originalId = '';
  private _scriptId = '';
  private _isDisposed = false;
}

export namespace FormLook {
  export interface IOptions {
    client: IBatchClient;
    jobs: IJobStore;
    draft: DraftStore;
    contents: Contents.IManager;
    documents: DocumentWatch | null;
  }
}
