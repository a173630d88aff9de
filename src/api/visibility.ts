import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

/** Tells when the browser tab is looked at again. */
export class Visibility implements IDisposable {
  constructor() {
    document.addEventListener('visibilitychange', this);
  }

  /** The tab was hidden and is visible now. */
  get shown(): ISignal<this, void> {
    return this._shown;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      document.removeEventListener('visibilitychange', this);
      Signal.clearData(this);
    }
  }

  /** Take an event of the document; called by the browser. */
  handleEvent(): void {
    if (!document.hidden) {
      this._shown.emit();
    }
  }

  private readonly _shown = new Signal<this, void>(this);
  private _isDisposed = false;
}
