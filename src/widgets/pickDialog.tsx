import { Dialog } from '@jupyterlab/apputils';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import '../../style/base.css';
import '../../style/clusterPage.css';
import { Picker } from '../views/Picker';
import type { IPickerProps, IPickItem } from '../views/Picker';

/** Asks which one of many is meant. */
class PickDialog extends Dialog<void> {
  constructor(options: PickDialog.IOptions) {
    const { title, accept, ...list } = options;
    super({
      title,
      body: ReactWidget.create(
        <Picker
          {...list}
          onActive={item => {
            this._active = item;
          }}
          onChoose={item => this._choose(item)}
        />
      ),
      buttons: [
        Dialog.cancelButton({ label: list.trans.__('Cancel') }),
        Dialog.okButton({ label: accept })
      ],
      focusNodeSelector: '[role="combobox"]'
    });
    this.node.ariaLabel = title;
  }

  /** What was chosen; null if nothing was. */
  chosen: IPickItem | null = null;

  /** Answer by one of the buttons; by Enter as by the second one. */
  override resolve(index?: number): void {
    if (index === 0) {
      this.reject();
    } else if (this._active) {
      this._choose(this._active);
    }
  }

  private _choose(item: IPickItem): void {
    this.chosen = item;
    this.reject();
  }

  private _active: IPickItem | null = null;
}

namespace PickDialog {
  export type IOptions = Omit<IPickerProps, 'onActive' | 'onChoose'> & {
    title: string;
    /** What the button says that takes it. */
    accept: string;
  };
}

/** Ask which one of many is meant. @returns null if none is. */
export async function pick(
  options: PickDialog.IOptions
): Promise<IPickItem | null> {
  const dialog = new PickDialog(options);
  await dialog.launch();
  return dialog.chosen;
}
