import type { IDisposable } from '@lumino/disposable';

/** No timer bears more. */
const MOST_MS = 2 ** 31 - 1;

/** Rings at the next of some moments; whoever set it says then what is next. */
export class Alarm implements IDisposable {
  constructor(private readonly _ring: () => void) {}

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    this.clear();
  }

  /** Ring no more. */
  clear(): void {
    clearTimeout(this._timer);
  }

  /** Ring at the first of these moments, in ms since the epoch, which is still to come. */
  set(moments: readonly number[]): void {
    this.clear();
    const now = Date.now();
    const next = Math.min(...moments.filter(moment => moment > now));
    if (next < Infinity && !this._isDisposed) {
      this._timer = setTimeout(this._ring, Math.min(MOST_MS, next - now));
    }
  }

  private _timer: ReturnType<typeof setTimeout> | undefined;
  private _isDisposed = false;
}
