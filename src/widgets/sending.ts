import type { IDisposable } from '@lumino/disposable';

import { Alarm } from '../stores/alarm';

/** An answer that takes longer than this is worth a word. */
const SLOW_MS = 8_000;

/** Whether something is on its way to a batch system, and whether that takes long already. */
export class Sending implements IDisposable {
  constructor(private readonly _changed: () => void) {}

  get isSubmitting(): boolean {
    return this._isSubmitting;
  }

  get isSlow(): boolean {
    return this._isSlow;
  }

  get isDisposed(): boolean {
    return this._alarm.isDisposed;
  }

  dispose(): void {
    this._alarm.dispose();
  }

  begin(): void {
    this._isSubmitting = true;
    this._alarm.set([Date.now() + SLOW_MS]);
  }

  end(): void {
    this._isSubmitting = false;
    this._isSlow = false;
    this._alarm.clear();
    this._changed();
  }

  private readonly _alarm = new Alarm(() => {
    this._isSlow = true;
    this._changed();
  });
  private _isSubmitting = false;
  private _isSlow = false;
}
