import type { IDocumentManager } from '@jupyterlab/docmanager';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';
import type { IDisposable } from '@lumino/disposable';

/** One document that may be open, and whether it has changes that are not in its file. */
export class DocumentWatch implements IDisposable {
  constructor(manager: IDocumentManager) {
    this._manager = manager;
  }

  /** The document was changed or saved, or another one is watched. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** The document is open and has changes that are not in its file. */
  get isDirty(): boolean {
    return this._context?.model.dirty ?? false;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._release();
      Signal.clearData(this);
    }
  }

  /** Watch the document of a path, if it is open now. */
  watch(path: string): void {
    const widget = path ? this._manager.findWidget(path, null) : undefined;
    const context = widget && this._manager.contextForWidget(widget);
    if (context === this._context) {
      return;
    }
    this._release();
    this._context = context;
    context?.model.stateChanged.connect(this._onStateChanged, this);
    context?.disposed.connect(this._onContextDisposed, this);
    this._changed.emit();
  }

  /** Write the document to its file. */
  async save(): Promise<void> {
    await this._context?.save();
  }

  private _release(): void {
    if (this._context && !this._context.isDisposed) {
      this._context.model.stateChanged.disconnect(this._onStateChanged, this);
      this._context.disposed.disconnect(this._onContextDisposed, this);
    }
    this._context = undefined;
  }

  private _onStateChanged(): void {
    this._changed.emit();
  }

  private _onContextDisposed(): void {
    this._context = undefined;
    this._changed.emit();
  }

  private readonly _manager: IDocumentManager;
  private readonly _changed = new Signal<this, void>(this);
  private _context: DocumentRegistry.Context | undefined;
  private _isDisposed = false;
}
