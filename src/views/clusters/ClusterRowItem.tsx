import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { canForget, canIdentify, canStop, canUse } from '../../model/cluster';
import type { Cluster } from '../../model/contract';
import { MiddleCut } from '../jobs/MiddleCut';
import {
  clusterHead,
  clusterLine,
  clusterStateText,
  clusterTitle
} from '../text/clusterText';
import { ClusterActions } from './ClusterActions';
import type { IClusterActions } from './ClusterActions';
import { ClusterIcon, MemoryBar } from './ClusterLook';

export interface IClusterRowItemProps {
  cluster: Cluster;
  /** Null where all clusters share one gateway. */
  gatewayTitle: string | null;
  now: number;
  /** This row takes the focus when the tab key leads into the list. */
  isStop: boolean;
  actions: IClusterActions;
  trans: TranslationBundle;
}

/** One cluster: what it is, how full its memory is, and what it does or why it does nothing. */
export function ClusterRowItem(props: IClusterRowItemProps): JSX.Element {
  const { cluster, actions, trans } = props;
  const line = clusterLine(cluster, props);
  const head = clusterHead(cluster, trans);
  const state = clusterStateText(cluster, trans);
  return (
    <div
      role="row"
      className={rowClass(cluster)}
      onClick={() => actions.open(cluster)}
      tabIndex={props.isStop ? 0 : -1}
      data-stop={`cluster:${cluster.id}`}
      data-cluster-id={cluster.id}
      aria-label={[...new Set([cluster.name, state, head, line.text])]
        .filter(Boolean)
        .join(', ')}
    >
      <ClusterIcon {...props} />
      <div role="gridcell" className="jp-BatchJobs-rowText">
        <div className="jp-BatchJobs-rowHead">
          <MiddleCut text={cluster.name} />
          <span className="jp-BatchJobs-rowState" title={head}>
            {head}
          </span>
        </div>
        <MemoryBar cluster={cluster} trans={trans} />
        <div
          className="jp-BatchJobs-rowLine"
          title={clusterTitle(cluster, line.text, trans)}
        >
          {line.pressing && (
            <span className="jp-BatchJobs-pressing">{line.pressing}</span>
          )}
          {line.text.slice(line.pressing.length)}
        </div>
      </div>
      <ClusterActions cluster={cluster} actions={actions} trans={trans} />
    </div>
  );
}

/** The row's classes, by which its context menu is chosen. */
function rowClass(cluster: Cluster): string {
  return [
    'jp-BatchJobs-row',
    canUse(cluster) ? 'jp-mod-canUse' : '',
    canUse(cluster) && cluster.has_dashboard ? 'jp-mod-hasPlots' : '',
    canStop(cluster) ? 'jp-mod-canStop' : '',
    canIdentify(cluster) ? 'jp-mod-canIdentify' : '',
    canForget(cluster) ? 'jp-mod-canForget' : ''
  ]
    .filter(Boolean)
    .join(' ');
}
