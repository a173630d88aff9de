import { Dialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import '../../style/base.css';
import '../../style/fields.css';
import '../../style/dialog.css';
import type { JobRow } from '../model/contract';
import { readWalltime } from '../model/walltime';
import { WALLTIME_FIELD, WalltimeForm } from '../views/job/WalltimeForm';
import { walltimeTitle } from '../views/text/walltimeText';

/** Asks for another time limit, and stays until what is typed is one; its value are seconds. */
export class WalltimeDialog extends Dialog<number | null> {
  constructor(options: WalltimeDialog.IOptions) {
    const { rows, trans } = options;
    const body = new WalltimeBody(options);
    const title = walltimeTitle(rows, trans);
    super({
      title,
      body,
      buttons: [
        Dialog.cancelButton({ label: trans.__('Keep as It Is') }),
        Dialog.okButton({ label: trans.__('Change') })
      ],
      focusNodeSelector: 'input'
    });
    this.addClass('jp-BatchJobs-walltimeDialog');
    this.node.ariaLabel = title;
    this._walltime = body;
  }

  /** Answer by one of the buttons: keep, or else change, which leads back to what is no time. */
  override resolve(index?: number): void {
    if (index === 0) {
      this.reject();
    } else if (this._walltime.getValue() === null) {
      this._walltime.complain();
      this.node
        .querySelector<HTMLElement>(`[data-field="${WALLTIME_FIELD}"]`)
        ?.focus();
    } else {
      super.resolve(index);
    }
  }

  private readonly _walltime: WalltimeBody;
}

export namespace WalltimeDialog {
  export interface IOptions {
    /** The jobs that are to have it. */
    rows: readonly JobRow[];
    trans: TranslationBundle;
  }
}

/** The one field of the dialog. */
class WalltimeBody extends ReactWidget {
  constructor(private readonly _options: WalltimeDialog.IOptions) {
    super();
  }

  /** Seconds; null while what is typed is no time limit. */
  getValue(): number | null {
    return readWalltime(this._text);
  }

  /** Say what is wrong, as soon as it is wrong. */
  complain(): void {
    this._isWatched = true;
    this.update();
  }

  protected override render(): JSX.Element {
    return (
      <WalltimeForm
        rows={this._options.rows}
        text={this._text}
        isWrong={this._isWatched && this.getValue() === null}
        onChange={text => {
          this._text = text;
          this.update();
        }}
        trans={this._options.trans}
      />
    );
  }

  private _text = '';
  private _isWatched = false;
}
