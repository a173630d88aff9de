import { MainAreaWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import * as React from 'react';

import '../../style/base.css';
import '../../style/directories.css';
import type { RunDirectory } from '../model/contract';
import { RunDirectoriesStore } from '../stores/runDirectories';
import type { IRunDirectories } from '../tokens';
import { batchIcon } from '../views/batchIcon';
import { RunDirectories } from '../views/directories/RunDirectories';
import { useSnapshot } from '../views/useSnapshot';

/** The run directories of this server's jobs, in the main area. */
export class RunDirectoriesWidget extends MainAreaWidget<DirectoriesContent> {
  constructor(options: RunDirectoriesWidget.IOptions) {
    super({ content: new DirectoriesContent(options) });
    this.id = RunDirectoriesWidget.ID;
    this.title.icon = batchIcon;
    this.title.label = options.trans.__('Run Directories');
    this.title.closable = true;
    this.toolbar.hide();
  }
}

export namespace RunDirectoriesWidget {
  export const ID = 'jupyterlab-batch-run-directories';

  export interface IOptions {
    server: IRunDirectories;
    /** @returns whether the user wants these to be removed. */
    confirm: (rows: readonly RunDirectory[]) => Promise<boolean>;
    openJob: (jobId: string) => void;
    trans: TranslationBundle;
  }
}

/** What stands in the tab; asked for when it is shown. */
export class DirectoriesContent extends ReactWidget {
  constructor(readonly options: RunDirectoriesWidget.IOptions) {
    super();
    this.store = new RunDirectoriesStore(options.server);
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.store.dispose();
      super.dispose();
    }
  }

  /** Remove what is selected once the user has confirmed it. */
  async remove(): Promise<void> {
    const rows = this.store.selected;
    if (await this.options.confirm(rows)) {
      await this.store.remove(rows.map(({ job_id }) => job_id));
    }
  }

  protected override onAfterAttach(msg: Message): void {
    super.onAfterAttach(msg);
    void this.store.refresh();
  }

  protected override render(): JSX.Element {
    return <LiveDirectories content={this} />;
  }

  readonly store: RunDirectoriesStore;
}

function LiveDirectories(props: { content: DirectoriesContent }): JSX.Element {
  const { store, options } = props.content;
  return (
    <RunDirectories
      directories={useSnapshot(store)}
      selected={store.selected}
      now={Date.now()}
      onChoose={(jobIds, isChosen) => store.choose(jobIds, isChosen)}
      onRemove={() => void props.content.remove()}
      onMore={() => void store.loadMore()}
      onReload={() => void store.refresh()}
      onOpenJob={options.openJob}
      trans={options.trans}
    />
  );
}
