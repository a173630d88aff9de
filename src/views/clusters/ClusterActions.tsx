import type { TranslationBundle } from '@jupyterlab/translation';
import {
  closeIcon,
  notebookIcon,
  searchIcon,
  stopIcon
} from '@jupyterlab/ui-components';
import * as React from 'react';

import { canForget, canIdentify, canStop, canUse } from '../../model/cluster';
import type { Cluster } from '../../model/contract';
import { scaleIcon } from '../icons';
import { RowButton } from '../jobs/RowActions';

/** What can be asked of one cluster. */
export interface IClusterActions {
  /** Open its page. */
  open: (cluster: Cluster) => void;
  /** Open a plot of its dashboard, which is asked for. */
  openPlot: (cluster: Cluster) => void;
  connect: (cluster: Cluster) => void;
  scale: (cluster: Cluster) => void;
  /** Say which one it is whose answer was lost. */
  identify: (cluster: Cluster) => void;
  stop: (cluster: Cluster) => void;
  forget: (cluster: Cluster) => void;
}

/** The buttons of a row, shown while the mouse or the focus is on it. */
export function ClusterActions(props: {
  cluster: Cluster;
  actions: IClusterActions;
  trans: TranslationBundle;
}): JSX.Element {
  const { cluster, actions, trans } = props;
  const { name } = cluster;
  return (
    <div role="gridcell" className="jp-BatchJobs-rowActions">
      {canUse(cluster) && (
        <RowButton
          icon={notebookIcon}
          label={trans.__('Connect notebook to %1', name)}
          onClick={() => actions.connect(cluster)}
        />
      )}
      {canUse(cluster) && (
        <RowButton
          icon={scaleIcon}
          label={trans.__('Scale %1…', name)}
          onClick={() => actions.scale(cluster)}
        />
      )}
      {canIdentify(cluster) && (
        <RowButton
          icon={searchIcon}
          label={trans.__('Say which %1 is…', name)}
          onClick={() => actions.identify(cluster)}
        />
      )}
      {canStop(cluster) && (
        <RowButton
          icon={stopIcon}
          label={trans.__('Stop %1…', name)}
          onClick={() => actions.stop(cluster)}
        />
      )}
      {canForget(cluster) && (
        <RowButton
          icon={closeIcon}
          label={trans.__('Forget %1…', name)}
          onClick={() => actions.forget(cluster)}
        />
      )}
    </div>
  );
}
