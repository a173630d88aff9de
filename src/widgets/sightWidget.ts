import { ReactWidget } from '@jupyterlab/ui-components';
import type { IDisposable } from '@lumino/disposable';
import type { Message } from '@lumino/messaging';

/** A view that is live while it is in sight, and rests while it is not. */
export abstract class SightWidget extends ReactWidget {
  override dispose(): void {
    if (!this.isDisposed) {
      this._rest();
      super.dispose();
    }
  }

  /** Begin to be live; what is returned ends it. */
  protected abstract live(): IDisposable;

  protected override onAfterAttach(msg: Message): void {
    super.onAfterAttach(msg);
    this._look();
  }

  protected override onBeforeDetach(msg: Message): void {
    this._rest();
    super.onBeforeDetach(msg);
  }

  protected override onAfterShow(msg: Message): void {
    super.onAfterShow(msg);
    this._look();
  }

  protected override onAfterHide(msg: Message): void {
    super.onAfterHide(msg);
    this._rest();
  }

  private _look(): void {
    if (this.isVisible && !this._lives) {
      this._lives = this.live();
    }
  }

  private _rest(): void {
    this._lives?.dispose();
    this._lives = null;
  }

  private _lives: IDisposable | null = null;
}
