import { Dialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import '../../style/base.css';
import '../../style/fields.css';
import '../../style/dialog.css';
import { jumpToField } from '../views/compose/fieldIssues';
import { ResubmitForm, submitOf } from '../views/job/ResubmitForm';
import { useSnapshot } from '../views/useSnapshot';
import type { ResubmitModel } from './resubmitModel';

/** Asks what is to be different, and stays until the job is handed over or the user leaves. */
export class ResubmitDialog extends Dialog<void> {
  constructor(options: ResubmitDialog.IOptions) {
    const { model, trans } = options;
    const title = trans.__('Resubmit %1', model.snapshot.row.name);
    super({
      title,
      body: new ResubmitBody(options),
      buttons: [
        Dialog.cancelButton({ label: trans.__('Cancel') }),
        Dialog.okButton({ label: trans.__('Resubmit') })
      ],
      focusNodeSelector: 'input'
    });
    this.addClass('jp-BatchJobs-resubmitDialog');
    this.node.ariaLabel = title;
    this._model = model;
    this._trans = trans;
    model.changed.connect(this._onChanged, this);
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this._model.changed.disconnect(this._onChanged, this);
      super.dispose();
    }
  }

  /** Answer by one of the buttons: cancel, or else submit, which leads to the first problem. */
  override resolve(index?: number): void {
    if (index === 0 || this._model.snapshot.hasChanged) {
      this.reject();
    } else {
      void this._submit();
    }
  }

  private async _submit(): Promise<void> {
    const { anyway, blocking } = submitOf(this._model.snapshot, this._trans);
    if (blocking !== null) {
      jumpToField(this.node, blocking);
      return;
    }
    const job = await this._model.submit(anyway);
    if (this.isDisposed) {
      return;
    }
    if (job) {
      // Not by its own way: that ends at fields which were wrong a moment ago.
      this.reject();
      return;
    }
    const { blocking: found } = submitOf(this._model.snapshot, this._trans);
    if (found !== null) {
      jumpToField(this.node, found);
    }
  }

  private _onChanged(): void {
    const { snapshot } = this._model;
    const { label, blocking } = submitOf(snapshot, this._trans);
    const [cancel, accept] = Array.from(
      this.node.querySelectorAll<HTMLButtonElement>('.jp-Dialog-button')
    );
    if (snapshot.hasChanged) {
      cancel.hidden = true;
    }
    // JupyterLab disables it after an input beside an error: it leads to that error.
    accept.disabled = false;
    accept.ariaDisabled = String(snapshot.isSubmitting || blocking !== null);
    const text = snapshot.hasChanged ? this._trans.__('Close') : label;
    accept.setAttribute('aria-label', text);
    const node = accept.querySelector('.jp-Dialog-buttonLabel');
    if (node && node.textContent !== text) {
      node.textContent = text;
    }
  }

  private readonly _model: ResubmitModel;
  private readonly _trans: TranslationBundle;
}

export namespace ResubmitDialog {
  export interface IOptions {
    model: ResubmitModel;
    trans: TranslationBundle;
  }
}

/** The form in the dialog. */
class ResubmitBody extends ReactWidget {
  constructor(options: ResubmitDialog.IOptions) {
    super();
    this._options = options;
  }

  protected override render(): JSX.Element {
    return <LiveForm {...this._options} />;
  }

  private readonly _options: ResubmitDialog.IOptions;
}

function LiveForm(props: ResubmitDialog.IOptions): JSX.Element {
  const { model, trans } = props;
  return (
    <ResubmitForm
      state={useSnapshot(model)}
      onChange={changes => model.update(changes)}
      onOnlyFailed={onlyFailed => model.chooseTasks(onlyFailed)}
      trans={trans}
    />
  );
}
