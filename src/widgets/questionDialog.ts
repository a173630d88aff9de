import { Dialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import type { Message } from '@lumino/messaging';
import type { ISignal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';

import type { IQuestion } from '../views/text/actionText';

/**
 * Asks before something is done to a job or a cluster.
 *
 * That can change while the user reads: then the dialog says so, and can only be closed.
 */
export class QuestionDialog extends Dialog<void> {
  constructor(options: QuestionDialog.IOptions) {
    const { question } = options;
    const body = new Widget();
    super({
      title: question.title,
      body,
      buttons: [
        Dialog.cancelButton({ label: question.keep }),
        Dialog.warnButton({ label: question.act })
      ]
    });
    this.node.ariaLabel = [question.title, question.body].join(' ');
    this.node
      .querySelector('.jp-Dialog-content')
      ?.classList.add('jp-Dialog-content-small');
    body.node.textContent = question.body;
    // A change is said to those who do not see it.
    body.node.setAttribute('role', 'status');
    this._text = body.node;
    this._options = options;
    this._attached = options.store.attach();
    options.store.changed.connect(this._look, this);
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this._options.store.changed.disconnect(this._look, this);
      this._attached.dispose();
      super.dispose();
    }
  }

  /** Answer by one of the buttons; once the question is taken back each of them closes. */
  override resolve(index?: number): void {
    if (this._isTakenBack) {
      this.reject();
    } else {
      super.resolve(index);
    }
  }

  protected override onAfterAttach(msg: Message): void {
    super.onAfterAttach(msg);
    this._look();
  }

  private _look(): void {
    const why = this._isTakenBack ? null : this._options.whyNot();
    if (why !== null) {
      this._isTakenBack = true;
      this._text.textContent = why;
      this._leaveOneButton(this._options.trans.__('Close'));
    }
  }

  /** The last button has the focus and takes it back, whatever it says. */
  private _leaveOneButton(text: string): void {
    const [keep, act] = this.node.querySelectorAll('.jp-Dialog-button');
    keep.remove();
    act.classList.replace('jp-mod-warn', 'jp-mod-reject');
    act.setAttribute('aria-label', text);
    const label = act.querySelector('.jp-Dialog-buttonLabel');
    if (label) {
      label.textContent = text;
    }
  }

  private readonly _options: QuestionDialog.IOptions;
  private readonly _attached: IDisposable;
  private readonly _text: HTMLElement;
  private _isTakenBack = false;
}

export namespace QuestionDialog {
  export interface IOptions {
    question: IQuestion;
    /** Knows what is asked about, live while it is attached. */
    store: {
      attach(): IDisposable;
      readonly changed: ISignal<unknown, unknown>;
    };
    /** Says why it cannot be done any more; null while it can. */
    whyNot: () => string | null;
    trans: TranslationBundle;
  }
}
