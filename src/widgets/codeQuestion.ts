import { Dialog } from '@jupyterlab/apputils';
import { Widget } from '@lumino/widgets';

import '../../style/dialog.css';
import type { IQuestion } from '../views/text/actionText';

/** Asks whether code is to be run, which stands in the question. */
export class CodeQuestion extends Dialog<void> {
  constructor(question: IQuestion, code: string) {
    super({
      title: question.title,
      body: bodyOf(question, code),
      buttons: [
        Dialog.cancelButton({ label: question.keep }),
        Dialog.okButton({ label: question.act })
      ]
    });
    this.addClass('jp-BatchJobs-codeQuestion');
    this.node.ariaLabel = [question.title, question.body].join(' ');
  }
}

function bodyOf({ body, title }: IQuestion, code: string): Widget {
  const widget = new Widget();
  const text = document.createElement('div');
  text.textContent = body;
  const shown = document.createElement('pre');
  shown.textContent = code;
  // What can be scrolled can be reached by the keyboard.
  shown.tabIndex = 0;
  shown.setAttribute('role', 'region');
  shown.setAttribute('aria-label', title);
  widget.node.append(text, shown);
  return widget;
}
