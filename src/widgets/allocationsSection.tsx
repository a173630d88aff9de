import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import * as React from 'react';

import { AllocationStore } from '../stores/allocations';
import type { IBatchClient, IJobStore } from '../tokens';
import { AllocationsList } from '../views/jobs/AllocationsList';
import { useSnapshot } from '../views/useSnapshot';

/** What the user may use; asked for whenever it is unfolded. */
export class AllocationsSection extends ReactWidget {
  constructor(
    client: IBatchClient,
    jobs: IJobStore,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this._store = new AllocationStore(client, jobs);
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this._store.dispose();
      super.dispose();
    }
  }

  protected override onAfterShow(msg: Message): void {
    super.onAfterShow(msg);
    if (this.isVisible) {
      void this._store.refresh();
    }
  }

  protected override render(): JSX.Element {
    return <LiveAllocations store={this._store} trans={this._trans} />;
  }

  private readonly _store: AllocationStore;
}

function LiveAllocations(props: {
  store: AllocationStore;
  trans: TranslationBundle;
}): JSX.Element {
  const { store, trans } = props;
  return (
    <AllocationsList
      gateways={useSnapshot(store)}
      onRefresh={() => void store.refresh(true)}
      trans={trans}
    />
  );
}
