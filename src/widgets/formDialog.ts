import { Dialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ISignal } from '@lumino/signaling';
import type { Widget } from '@lumino/widgets';

import '../../style/base.css';
import '../../style/fields.css';
import '../../style/dialog.css';
import { jumpToField } from '../views/compose/fieldIssues';

/** What a dialog with a form needs of what is in it. */
export interface IFormModel {
  readonly snapshot: Readonly<{ isSubmitting: boolean }>;
  readonly changed: ISignal<unknown, unknown>;
  /** Hand it over. @returns whether that is done, so that the dialog can be closed. */
  submit(): Promise<boolean>;
}

/** A dialog that stays until what is in it was taken, or the user leaves. */
export class FormDialog extends Dialog<void> {
  constructor(options: FormDialog.IOptions) {
    const { title, body, accept, trans } = options;
    super({
      title,
      body,
      buttons: [
        Dialog.cancelButton({ label: trans.__('Cancel') }),
        Dialog.okButton({ label: accept })
      ],
      focusNodeSelector: '[data-field][autofocus], [data-field]'
    });
    this.addClass('jp-BatchJobs-formDialog');
    this.node.ariaLabel = title;
    this._options = options;
    options.model.changed.connect(this._onChanged, this);
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this._options.model.changed.disconnect(this._onChanged, this);
      super.dispose();
    }
  }

  /** Answer by one of the buttons: cancel, or else submit, which leads to the first problem. */
  override resolve(index?: number): void {
    if (index === 0) {
      this.reject();
    } else {
      void this._submit();
    }
  }

  private async _submit(): Promise<void> {
    const { model, blocking } = this._options;
    if (model.snapshot.isSubmitting || this._jump(blocking())) {
      return;
    }
    const isDone = await model.submit();
    if (this.isDisposed) {
      return;
    }
    if (isDone) {
      // Not by its own way: that ends at fields which were wrong a moment ago.
      this.reject();
    } else {
      this._jump(blocking());
    }
  }

  private _jump(field: string | null): boolean {
    if (field !== null) {
      jumpToField(this.node, field);
    }
    return field !== null;
  }

  private _onChanged(): void {
    const { model, blocking, accept, busy } = this._options;
    const { isSubmitting } = model.snapshot;
    const button = this.node.querySelector<HTMLButtonElement>(
      '.jp-Dialog-button.jp-mod-accept'
    );
    if (!button) {
      return;
    }
    // JupyterLab disables it after an input beside an error: it leads to that error.
    button.disabled = false;
    button.ariaDisabled = String(isSubmitting || blocking() !== null);
    const text = isSubmitting ? busy : accept;
    button.setAttribute('aria-label', text);
    const label = button.querySelector('.jp-Dialog-buttonLabel');
    if (label && label.textContent !== text) {
      label.textContent = text;
    }
  }

  private readonly _options: FormDialog.IOptions;
}

export namespace FormDialog {
  export interface IOptions {
    title: string;
    body: Widget;
    model: IFormModel;
    /** What the button says that hands it over, and while that goes on. */
    accept: string;
    busy: string;
    /** The first field that stands in the way; null if none does. */
    blocking: () => string | null;
    trans: TranslationBundle;
  }
}
