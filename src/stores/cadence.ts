import type { IDisposable } from '@lumino/disposable';
import { Poll } from '@lumino/polling';

/** How often the store asks by itself, in ms. */
export interface ICadence {
  /** While events come: only to make up for what was missed. */
  calmMs: number;
  /** While events may not come, at random between these. */
  alertMs: readonly [number, number];
  /** Events are trusted again so long after calls succeed. */
  alertEndsMs: number;
}

export const CADENCE: ICadence = {
  calmMs: 60_000,
  alertMs: [2_000, 5_000],
  alertEndsMs: 60_000
};

/**
 * Asks again and again: seldom while events come, often while they may not.
 *
 * Jupyter's event stream reconnects up to half a minute after the server is back and signals
 * neither the gap nor its end, so one success is not enough to trust it again.
 */
export class Reconciler implements IDisposable {
  /**
   * @param ask - asks once; never rejects; tells whether the server answered.
   */
  constructor(ask: () => Promise<boolean>, cadence: ICadence = CADENCE) {
    this._ask = ask;
    this._cadence = cadence;
    this._poll = new Poll({
      auto: false,
      factory: () => this._tick(),
      frequency: {
        interval: cadence.calmMs,
        max: cadence.calmMs,
        backoff: false
      },
      name: 'jupyterlab-batch:jobs',
      standby: 'when-hidden'
    });
  }

  get isDisposed(): boolean {
    return this._poll.isDisposed;
  }

  dispose(): void {
    this._poll.dispose();
  }

  /** Ask now and go on asking. */
  start(): void {
    void this._poll.refresh();
  }

  /** Ask no more until `start`. */
  stop(): void {
    void this._poll.stop();
  }

  /** The server did not answer, so events may be lost: ask often from now on. */
  alert(): void {
    const wasCalm = !this._isAlert;
    this._isAlert = true;
    this._succeededAt = null;
    this._adjust();
    if (wasCalm && this._poll.state.phase !== 'stopped') {
      void this._poll.schedule({ phase: 'standby' });
    }
  }

  /** An event came, so the stream is alive. */
  calm(): void {
    this._isAlert = false;
    this._adjust();
  }

  private async _tick(): Promise<void> {
    const isAnswered = await this._ask();
    if (this.isDisposed) {
      return;
    }
    const now = Date.now();
    this._succeededAt = isAnswered ? (this._succeededAt ?? now) : null;
    if (
      this._succeededAt !== null &&
      now - this._succeededAt >= this._cadence.alertEndsMs
    ) {
      this._isAlert = false;
    }
    this._adjust();
  }

  private _adjust(): void {
    const [least, most] = this._cadence.alertMs;
    this._poll.frequency = {
      backoff: false,
      interval: this._isAlert
        ? least + Math.random() * (most - least)
        : this._cadence.calmMs,
      max: this._cadence.calmMs
    };
  }

  private readonly _ask: () => Promise<boolean>;
  private readonly _cadence: ICadence;
  private readonly _poll: Poll<void>;
  private _isAlert = false;
  private _succeededAt: number | null = null;
}
