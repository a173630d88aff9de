import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import {
  canForget,
  canStop,
  canUse,
  memoryFraction,
  needsYou,
  stateOf
} from '../../model/cluster';
import type { ClusterState } from '../../model/cluster';
import type { Cluster } from '../../model/contract';
import { clusterIcon } from '../icons';
import { MiddleCut } from '../jobs/MiddleCut';
import {
  clusterHead,
  clusterLine,
  clusterStateText,
  clusterTitle,
  memoryText
} from '../text/clusterText';
import { ClusterActions } from './ClusterActions';
import type { IClusterActions } from './ClusterActions';

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
  const isNeedy = needsYou(cluster, props.now);
  const isLong = isNeedy || cluster.workers.note !== null;
  return (
    <div
      role="row"
      className={rowClass(cluster)}
      tabIndex={props.isStop ? 0 : -1}
      data-stop={`cluster:${cluster.id}`}
      data-cluster-id={cluster.id}
      aria-label={[...new Set([cluster.name, state, head, line.text])]
        .filter(Boolean)
        .join(', ')}
    >
      <span
        className={`jp-BatchJobs-phase ${toneOf(stateOf(cluster), isNeedy)}`}
        title={state}
        aria-hidden="true"
      >
        <clusterIcon.react tag="span" />
      </span>
      <div role="gridcell" className="jp-BatchJobs-rowText">
        <div className="jp-BatchJobs-rowHead">
          <MiddleCut text={cluster.name} />
          <span className="jp-BatchJobs-rowState" title={head}>
            {head}
          </span>
        </div>
        <MemoryBar cluster={cluster} trans={trans} />
        <div
          className={`jp-BatchJobs-rowLine ${isLong ? 'jp-mod-wrap' : 'jp-mod-singleLine'}`}
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

/** How much of the memory of all workers is used; nothing where that is not known. */
function MemoryBar(props: {
  cluster: Cluster;
  trans: TranslationBundle;
}): JSX.Element | null {
  const { cluster, trans } = props;
  const used = memoryFraction(cluster);
  return used === null ? null : (
    <div
      role="meter"
      className="jp-BatchJobs-bar jp-mod-memory"
      aria-label={trans.__('Memory used')}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(used * 100)}
      aria-valuetext={memoryText(cluster, trans)}
    >
      <div style={{ width: `${used * 100}%` }} />
    </div>
  );
}

/** The row's classes, by which its context menu is chosen. */
function rowClass(cluster: Cluster): string {
  return [
    'jp-BatchJobs-row',
    canUse(cluster) ? 'jp-mod-canUse' : '',
    canStop(cluster) ? 'jp-mod-canStop' : '',
    canForget(cluster) ? 'jp-mod-canForget' : ''
  ]
    .filter(Boolean)
    .join(' ');
}

/** The tone of a state, as a css class. */
function toneOf(state: ClusterState, isNeedy: boolean): string {
  switch (state) {
    case 'waiting':
    case 'starting':
    case 'stopping':
    case 'stopped':
      return 'jp-mod-quiet';
    case 'running':
    case 'idle':
      return isNeedy ? 'jp-mod-unknown' : 'jp-mod-running';
    case 'unknown':
      return 'jp-mod-unknown';
    case 'failed':
      return 'jp-mod-failed';
  }
}
