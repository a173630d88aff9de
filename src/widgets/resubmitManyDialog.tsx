import { Dialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import '../../style/base.css';
import '../../style/fields.css';
import '../../style/dialog.css';
import type { JobRow } from '../model/contract';
import { AS_THEY_WERE, toManyPatch } from '../model/resubmission';
import type { ManyChoice } from '../model/resubmission';
import { jumpToField } from '../views/compose/fieldIssues';
import { ResubmitManyForm } from '../views/job/ResubmitManyForm';
import type { IBulkQuestion } from '../views/text/bulkText';

/** Asks what is to be different in many jobs, and stays until that can be read. */
export class ResubmitManyDialog extends Dialog<ManyChoice> {
  constructor(options: ResubmitManyDialog.IOptions) {
    const { question, trans } = options;
    const body = new ResubmitManyBody(options);
    super({
      title: question.title,
      body,
      buttons: [
        Dialog.cancelButton({ label: trans.__('Keep as They Are') }),
        Dialog.okButton({ label: question.act })
      ],
      focusNodeSelector: 'input'
    });
    this.addClass('jp-BatchJobs-resubmitDialog');
    this.node.ariaLabel = question.title;
    this._form = body;
  }

  /** Answer by one of the buttons: keep, or else resubmit, which leads back to what is no number. */
  override resolve(index?: number): void {
    const [issue] = toManyPatch(this._form.getValue().texts).issues;
    if (index === 0) {
      this.reject();
    } else if (issue) {
      jumpToField(this.node, issue.field);
    } else {
      super.resolve(index);
    }
  }

  private readonly _form: ResubmitManyBody;
}

export namespace ResubmitManyDialog {
  export interface IOptions {
    /** The jobs that are over. */
    rows: readonly JobRow[];
    question: IBulkQuestion;
    trans: TranslationBundle;
  }
}

/** The form in the dialog. */
class ResubmitManyBody extends ReactWidget {
  constructor(private readonly _options: ResubmitManyDialog.IOptions) {
    super();
  }

  getValue(): ManyChoice {
    return this._choice;
  }

  protected override render(): JSX.Element {
    const { rows, question, trans } = this._options;
    return (
      <ResubmitManyForm
        rows={rows}
        text={question.body}
        choice={this._choice}
        issues={toManyPatch(this._choice.texts).issues}
        onChange={changes => {
          this._choice = { ...this._choice, ...changes };
          this.update();
        }}
        trans={trans}
      />
    );
  }

  private _choice = AS_THEY_WERE;
}
