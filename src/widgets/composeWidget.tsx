import {
  Clipboard,
  Dialog,
  MainAreaWidget,
  showDialog
} from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import type { Message } from '@lumino/messaging';
import * as React from 'react';

import '../../style/base.css';
import '../../style/allocations.css';
import '../../style/compose.css';
import '../../style/fields.css';
import '../../style/parameters.css';
import '../../style/beforeSubmit.css';
import '../../style/preview.css';
import { titleOf } from '../model/form';
import type { FormContent } from '../model/form';
import { batchIcon } from '../views/batchIcon';
import { ComposeForm } from '../views/compose/ComposeForm';
import { useSnapshot } from '../views/useSnapshot';
import { Clock } from './clock';
import type { ComposeModel } from './composeModel';
import { CommandIDs } from './jobCommands';

const CLOCK_INTERVAL_MS = 30_000;

/** The form for a new job, in the main area. */
export class ComposeWidget extends MainAreaWidget<ComposeContent> {
  constructor(options: ComposeWidget.IOptions) {
    super({ content: new ComposeContent(options) });
    this.id = `jupyterlab-batch-compose-${options.model.key}`;
    this.title.icon = batchIcon;
    this.title.closable = true;
    this.toolbar.hide();
    this._trans = options.trans;
  }

  /** A form that could not be kept is closed only if the user gives it up. */
  protected override onCloseRequest(msg: Message): void {
    if (!this.content.model.isAtRisk) {
      super.onCloseRequest(msg);
      return;
    }
    void mayLose(this._trans).then(isGivenUp => {
      if (isGivenUp && !this.isDisposed) {
        this.dispose();
      }
    });
  }

  private readonly _trans: TranslationBundle;
}

/** Ask whether a form that is kept nowhere may be lost. */
async function mayLose(trans: TranslationBundle): Promise<boolean> {
  const { button } = await showDialog({
    title: trans.__('Close the form and lose it?'),
    body: trans.__(
      'This form could not be kept on the server: closing it loses what was typed. Saved as a template it is safe.'
    ),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Keep Open') }),
      Dialog.warnButton({ label: trans.__('Lose It') })
    ]
  });
  return button.accept;
}

export namespace ComposeWidget {
  export interface IOptions {
    /** Disposed with the widget. */
    model: ComposeModel;
    commands: CommandRegistry;
    onSaveTemplate: (content: FormContent) => void;
    /** Lets the user choose a script that fills in this form. */
    onOpenScript: (form: ComposeModel) => void;
    /** Lets the user choose the column of a file; null where there is no file dialog. */
    chooseColumn: (() => Promise<string | null>) | null;
    trans: TranslationBundle;
  }
}

/** What stands in the form's tab. */
export class ComposeContent extends ReactWidget {
  constructor(options: ComposeWidget.IOptions) {
    super();
    this._options = options;
    this.addClass('jp-BatchJobs-composeWidget');
    options.model.changed.connect(this._onChanged, this);
    this._onChanged();
    this._clock.start();
  }

  get model(): ComposeModel {
    return this._options.model;
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this._options.model.changed.disconnect(this._onChanged, this);
      this._options.model.dispose();
      this._clock.dispose();
      super.dispose();
    }
  }

  protected override onAfterShow(msg: Message): void {
    super.onAfterShow(msg);
    this._options.model.lookAtDocument();
  }

  protected override onActivateRequest(msg: Message): void {
    super.onActivateRequest(msg);
    this._options.model.lookAtDocument();
    void this._takeFocus();
  }

  protected override render(): JSX.Element {
    return <LiveForm {...this._options} clock={this._clock} />;
  }

  /** Let the user type and submit at once; a form that was just opened is not drawn yet. */
  private async _takeFocus(): Promise<void> {
    await this.renderPromise;
    const active = document.activeElement;
    const hasField = active !== this.node && this.node.contains(active);
    if (this.isVisible && !hasField) {
      this.node.querySelector<HTMLElement>('[data-field]')?.focus();
    }
  }

  private _onChanged(): void {
    const { model, trans } = this._options;
    const title = titleOf(model.snapshot.content);
    this.title.label = title
      ? trans.__('New job: %1', title)
      : trans.__('New job');
  }

  private readonly _options: ComposeWidget.IOptions;
  private readonly _clock = new Clock(CLOCK_INTERVAL_MS);
}

/** Submit the form; then the new job is shown. */
async function submit(
  { model, commands }: ComposeWidget.IOptions,
  anyway: boolean
): Promise<void> {
  if (await model.submit(anyway)) {
    await commands.execute(CommandIDs.showJobs);
  }
}

function LiveForm(
  props: ComposeWidget.IOptions & { clock: Clock }
): JSX.Element {
  const { model, commands, chooseColumn, trans } = props;
  const state = useSnapshot(model);
  const now = useSnapshot(props.clock);
  return (
    <ComposeForm
      state={state}
      now={now}
      onChange={changes => model.update(changes)}
      onSubmit={anyway => void submit(props, anyway)}
      onLookAgain={() => void model.lookAgain()}
      onSubmitAnother={() => model.submitAnother()}
      onOpenJob={id =>
        void commands.execute(CommandIDs.openJob, { job_id: id })
      }
      onOpenDraft={key =>
        void commands.execute(CommandIDs.newJob, { draft: key })
      }
      onOpenTemplate={() => void commands.execute(CommandIDs.openTemplate)}
      onOpenScript={() => props.onOpenScript(model)}
      onSaveTemplate={() => props.onSaveTemplate(state.content)}
      onSaveNotebook={() => void model.saveNotebook()}
      onRetryGateway={gateway => void model.retryGateway(gateway)}
      onCopy={text => Clipboard.copyToSystem(text)}
      onChooseColumn={
        chooseColumn &&
        (write => void chooseColumn().then(text => text && write(text)))
      }
      trans={trans}
    />
  );
}
