import type { IDisposable } from '@lumino/disposable';
import { Poll } from '@lumino/polling';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

/** The time for views that count elapsed and remaining times; stands still in a hidden tab. */
export class Clock implements IDisposable {
  constructor(intervalMs: number) {
    this._poll = new Poll({
      auto: false,
      factory: () => this._tick(),
      frequency: { interval: intervalMs, backoff: false },
      name: 'jupyterlab-batch:clock',
      standby: 'when-hidden'
    });
  }

  /** Milliseconds since the epoch, at the last tick. */
  get snapshot(): number {
    return this._now;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._poll.isDisposed;
  }

  dispose(): void {
    if (!this.isDisposed) {
      this._poll.dispose();
      Signal.clearData(this);
    }
  }

  start(): void {
    void this._poll.refresh();
  }

  stop(): void {
    void this._poll.stop();
  }

  private async _tick(): Promise<void> {
    this._now = Date.now();
    this._changed.emit();
  }

  private readonly _poll: Poll;
  private readonly _changed = new Signal<this, void>(this);
  private _now = Date.now();
}
