import type { TranslationBundle } from '@jupyterlab/translation';
import type { Message } from '@lumino/messaging';
import { BoxLayout, Widget } from '@lumino/widgets';

/** An empty place that asks for its contents when it is first seen. */
export class LazyPanel extends Widget {
  /**
   * @param load - Makes the contents.
   * @param trans - For what is said if that fails.
   */
  constructor(load: () => Promise<Widget>, trans: TranslationBundle) {
    super();
    this._load = load;
    this._trans = trans;
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

  /** Load the contents once; after a failure the next look, or a click, tries again. */
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
      this._put(widget);
      this._isFilled = true;
    } catch (error) {
      this._put(this._failure(String(error)));
    } finally {
      this._isLoading = false;
    }
  }

  private _put(widget: Widget): void {
    const layout = this.layout as BoxLayout;
    [...layout.widgets].forEach(old => old.dispose());
    layout.addWidget(widget);
  }

  /** Say that the contents could not be loaded; plainly, as the style is not there either. */
  private _failure(reason: string): Widget {
    const widget = new Widget();
    const text = document.createElement('p');
    text.setAttribute('role', 'alert');
    text.textContent = this._trans.__(
      'This could not be loaded: %1. Your jobs go on.',
      reason
    );
    const button = document.createElement('button');
    button.textContent = this._trans.__('Retry');
    button.addEventListener('click', () => void this._fill());
    widget.node.append(text, button);
    return widget;
  }

  private readonly _load: () => Promise<Widget>;
  private readonly _trans: TranslationBundle;
  private _isLoading = false;
  private _isFilled = false;
}
