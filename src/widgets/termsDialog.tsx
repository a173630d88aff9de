import { Dialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import '../../style/base.css';
import '../../style/fields.css';
import '../../style/dialog.css';
import type { ChangeableField, JobPatch, JobRow } from '../model/contract';
import { AS_IT_IS, readTerms } from '../model/terms';
import type { TermReading, TermTexts } from '../model/terms';
import { TermsForm } from '../views/job/TermsForm';
import { termsTitle } from '../views/text/termsText';

/** Asks for other terms, and stays until what is typed are some; its value is what to change. */
export class TermsDialog extends Dialog<JobPatch | null> {
  constructor(options: TermsDialog.IOptions) {
    const { rows, trans } = options;
    const body = new TermsBody(options);
    const title = termsTitle(rows, trans);
    super({
      title,
      body,
      buttons: [
        Dialog.cancelButton({ label: trans.__('Keep as It Is') }),
        Dialog.okButton({ label: trans.__('Change') })
      ],
      focusNodeSelector: 'input'
    });
    this.addClass('jp-BatchJobs-termsDialog');
    this.node.ariaLabel = title;
    this._terms = body;
  }

  /** Answer by one of the buttons: keep, or else change, which leads back to what means nothing. */
  override resolve(index?: number): void {
    const [wrong] = this._terms.reading.wrong;
    if (index === 0) {
      this.reject();
    } else if (wrong) {
      this._terms.complain();
      this.node.querySelector<HTMLElement>(`[data-field="${wrong}"]`)?.focus();
    } else {
      super.resolve(index);
    }
  }

  private readonly _terms: TermsBody;
}

export namespace TermsDialog {
  export interface IOptions {
    /** The jobs that are to have them. */
    rows: readonly JobRow[];
    /** What can be different in them. */
    fields: readonly ChangeableField[];
    trans: TranslationBundle;
  }
}

/** The fields of the dialog. */
class TermsBody extends ReactWidget {
  constructor(private readonly _options: TermsDialog.IOptions) {
    super();
  }

  get reading(): TermReading {
    return readTerms(this._texts, this._options.fields);
  }

  /** What to change; null while what is typed means nothing. */
  getValue(): JobPatch | null {
    return this.reading.patch;
  }

  /** Say what is wrong, as soon as it is wrong. */
  complain(): void {
    this._isWatched = true;
    this.update();
  }

  protected override render(): JSX.Element {
    return (
      <TermsForm
        {...this._options}
        texts={this._texts}
        wrong={this._isWatched ? this.reading.wrong : []}
        onChange={changes => {
          this._texts = { ...this._texts, ...changes };
          this.update();
        }}
      />
    );
  }

  private _texts: TermTexts = AS_IT_IS;
  private _isWatched = false;
}
