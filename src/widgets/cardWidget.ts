import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import { Clock } from './clock';
import { ScreenWidget } from './screenWidget';

/** What a card shows. Frozen: a change makes a new one. */
export interface ICardSnapshot<T> {
  readonly subject: T;
  readonly gatewayTitle: string;
  /** It is as it is now, not as it was when the output was made. */
  readonly isLive: boolean;
  /** This server does not know the subject. */
  readonly isOld: boolean;
  /** Why it could not be asked about. */
  readonly error: Error | null;
}

/**
 * A job or a cluster in the output of a cell: as the output carries it, until something newer is
 * known.
 *
 * It asks for nothing before it is seen, and nothing at all in an untrusted notebook.
 */
export abstract class CardWidget<
  T extends { readonly gateway_id: string }
> extends ScreenWidget {
  constructor(subject: T, clockIntervalMs: number) {
    super();
    this.clock = new Clock(clockIntervalMs);
    this._snapshot = Object.freeze({
      subject,
      gatewayTitle: subject.gateway_id,
      isLive: false,
      isOld: false,
      error: null
    });
    this.addClass('jp-BatchJobs-cardWidget');
  }

  /** Ticks while the card is live. */
  readonly clock: Clock;

  get snapshot(): ICardSnapshot<T> {
    return this._snapshot;
  }

  get changed(): ISignal<this, ICardSnapshot<T>> {
    return this._changed;
  }

  override dispose(): void {
    if (!this.isDisposed) {
      super.dispose();
      this.clock.dispose();
    }
  }

  /** Show the subject as it is now, if it is still known. */
  protected async fetch(load: () => Promise<T>): Promise<void> {
    try {
      this.accept(await load());
    } catch (error) {
      // The picture stays as it was; a subject that comes to be known shows by itself.
      this.publish({
        isOld: !this._snapshot.isLive,
        error: error instanceof Error ? error : new Error(String(error))
      });
    }
  }

  protected accept(subject: T): void {
    const { isLive, isOld, subject: before } = this._snapshot;
    if (subject !== before || !isLive || isOld) {
      this.publish({ subject, isLive: true, isOld: false, error: null });
    }
  }

  protected publish(changes: Partial<ICardSnapshot<T>>): void {
    if (!this.isDisposed) {
      this._snapshot = Object.freeze({ ...this._snapshot, ...changes });
      this._changed.emit(this._snapshot);
    }
  }

  private readonly _changed = new Signal<this, ICardSnapshot<T>>(this);
  private _snapshot: ICardSnapshot<T>;
}
