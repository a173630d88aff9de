import { Dialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import type { Message } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';

import type { JobRow } from '../model/contract';
import type { IJobStore } from '../tokens';
import { changedText } from '../views/text/actionText';
import type { IQuestion } from '../views/text/actionText';

/**
 * Asks before something is done to a job.
 *
 * The job can change while the user reads: then the dialog says so, and can only be closed.
 */
export class JobDialog extends Dialog<void> {
  constructor(options: JobDialog.IOptions) {
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
    this._attached = options.jobs.attach();
    options.jobs.changed.connect(this._look, this);
  }

  /** The user was told that the job has changed, and nothing is to be done. */
  get isTakenBack(): boolean {
    return this._isTakenBack;
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this._options.jobs.changed.disconnect(this._look, this);
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
    const { jobs, row: before, fits, trans } = this._options;
    const row = jobs.row(before.id) ?? before;
    if (!this._isTakenBack && !fits(row)) {
      this._isTakenBack = true;
      this._text.textContent = changedText(row, trans);
      this._leaveOneButton(trans.__('Close'));
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

  private readonly _options: JobDialog.IOptions;
  private readonly _attached: IDisposable;
  private readonly _text: HTMLElement;
  private _isTakenBack = false;
}

export namespace JobDialog {
  export interface IOptions {
    jobs: IJobStore;
    /** The job as it is when the user is asked. */
    row: JobRow;
    question: IQuestion;
    /** Whether it can still be done to the job. */
    fits: (row: JobRow) => boolean;
    trans: TranslationBundle;
  }
}
