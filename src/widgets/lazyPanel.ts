import type { Message } from '@lumino/messaging';
import { BoxLayout, Widget } from '@lumino/widgets';

/** An empty place that asks for its contents when it is first seen. */
export class LazyPanel extends Widget {
  constructor(load: () => Promise<Widget>) {
    super();
    this._load = load;
    this.layout = new BoxLayout({ spacing: 0 });
  }

  protected override onAfterAttach(msg: Message): void {
    super.onAfterAttach(msg);
    void this._fill();
  }

  protected override onAfterShow(msg: Message): void {
    super.onAfterShow(msg);
    void this._fill();
  }

  /** Load the contents once; after a failure the next look tries again. */
  private async _fill(): Promise<void> {
    if (!this.isVisible || this._isLoading || this._isFilled) {
      return;
    }
    this._isLoading = true;
    try {
      const widget = await this._load();
      if (this.isDisposed) {
        widget.dispose();
        return;
      }
      (this.layout as BoxLayout).addWidget(widget);
      this._isFilled = true;
    } finally {
      this._isLoading = false;
    }
  }

  private readonly _load: () => Promise<Widget>;
  private _isLoading = false;
  private _isFilled = false;
}
