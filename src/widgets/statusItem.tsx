import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import '../../style/status.css';
import type { ClusterWatch } from '../stores/clusterWatch';
import type { JobWatch } from '../stores/watch';
import { StatusCounts } from '../views/StatusCounts';
import { useSnapshot } from '../views/useSnapshot';

/** The item in the status bar. */
export class StatusItem extends ReactWidget {
  constructor(
    private readonly _watch: JobWatch,
    private readonly _clusters: ClusterWatch,
    private readonly _open: () => void,
    private readonly _trans: TranslationBundle
  ) {
    super();
  }

  protected override render(): JSX.Element {
    return (
      <LiveCounts
        watch={this._watch}
        clusters={this._clusters}
        onOpen={this._open}
        trans={this._trans}
      />
    );
  }
}

function LiveCounts(props: {
  watch: JobWatch;
  clusters: ClusterWatch;
  onOpen: () => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { counts } = useSnapshot(props.watch);
  const { clusters } = useSnapshot(props.clusters);
  const workers = clusters.reduce(
    (sum, { workers: { ready } }) => sum + (ready ?? 0),
    0
  );
  return (
    <StatusCounts
      counts={counts}
      workers={workers}
      onOpen={props.onOpen}
      trans={props.trans}
    />
  );
}
