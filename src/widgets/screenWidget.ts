import { ReactWidget } from '@jupyterlab/ui-components';
import type { IDisposable } from '@lumino/disposable';
import type { Message } from '@lumino/messaging';

/** A view that is live while it is on the screen: outputs that are scrolled away stay attached. */
export abstract class ScreenWidget extends ReactWidget {
  override dispose(): void {
    if (!this.isDisposed) {
      this._leave();
      super.dispose();
    }
  }

  /** Begin to be live; what is returned ends it. Null of what is but a picture. */
  protected abstract live(): IDisposable | null;

  protected override onAfterAttach(msg: Message): void {
    super.onAfterAttach(msg);
    this._observer = new IntersectionObserver(entries => {
      if (entries.some(entry => entry.isIntersecting)) {
        this._lives ??= this.live();
      } else {
        this._rest();
      }
    });
    this._observer.observe(this.node);
  }

  protected override onBeforeDetach(msg: Message): void {
    this._leave();
    super.onBeforeDetach(msg);
  }

  private _leave(): void {
    this._observer?.disconnect();
    this._rest();
  }

  private _rest(): void {
    this._lives?.dispose();
    this._lives = null;
  }

  private _observer: IntersectionObserver | null = null;
  private _lives: IDisposable | null = null;
}
