import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import {
  canForget,
  canStop,
  canUse,
  memoryFraction
} from '../../model/cluster';
import type { Cluster } from '../../model/contract';
import { SEPARATOR } from '../jobs/rowText';
import {
  clusterHead,
  clusterStateText,
  idleParts,
  memoryText
} from '../text/clusterText';
import { clusterAgeText } from '../text/clusterPageText';
import { clusterReasonText } from '../text/clusterReasonText';
import { exactTimeText } from '../text/timeText';
import type { IClusterActions } from './ClusterActions';
import { ClusterIcon, MemoryBar } from './ClusterLook';

export interface IClusterHeadProps {
  cluster: Cluster;
  /** Milliseconds since the epoch. */
  now: number;
  actions: IClusterActions;
  trans: TranslationBundle;
}

/** What the cluster is, how it is, and what can be done about it. */
export function ClusterHead(props: IClusterHeadProps): JSX.Element {
  const { cluster, now, trans } = props;
  const state = clusterStateText(cluster, trans);
  const head = [...new Set([state, clusterHead(cluster, trans)])];
  const age = clusterAgeText(cluster, now, trans);
  const why = clusterReasonText(cluster, trans);
  return (
    <div className="jp-BatchJobs-jobHead">
      <div className="jp-BatchJobs-headline">
        <ClusterIcon cluster={cluster} now={now} trans={trans} />
        <h2>{cluster.name}</h2>
        <span className="jp-BatchJobs-quiet">
          {[...head, ...memoryParts(cluster, trans), age]
            .filter(Boolean)
            .join(SEPARATOR)}
        </span>
        <div className="jp-BatchJobs-headActions">
          <HeadActions {...props} />
        </div>
      </div>
      {memoryFraction(cluster) !== null && (
        <MemoryBar cluster={cluster} trans={trans} />
      )}
      <IdleLine {...props} />
      {cluster.workers.note && (
        <div className="jp-BatchJobs-notice jp-mod-info">
          {cluster.workers.note}
        </div>
      )}
      {why && (
        <div
          className={`jp-BatchJobs-notice ${cluster.phase === 'ERROR' ? 'jp-mod-error' : 'jp-mod-info'}`}
        >
          {why}
        </div>
      )}
    </div>
  );
}

function memoryParts(
  cluster: Cluster,
  trans: TranslationBundle
): readonly string[] {
  const text = memoryText(cluster, trans);
  return memoryFraction(cluster) === null || text === '' ? [] : [text];
}

/** Since when it has nothing to do, and when it stops for that. */
function IdleLine(props: IClusterHeadProps): JSX.Element | null {
  const { cluster, now, trans } = props;
  if (cluster.idle_since === null || !canUse(cluster)) {
    return null;
  }
  const { idle_stop_at } = cluster;
  return (
    <p
      className="jp-BatchJobs-quiet"
      title={
        idle_stop_at === null
          ? ''
          : trans.__('Stops %1 unless work comes', exactTimeText(idle_stop_at))
      }
    >
      {idleParts(cluster, now, trans).filter(Boolean).join(SEPARATOR)}
    </p>
  );
}

function HeadActions({
  cluster,
  actions,
  trans
}: IClusterHeadProps): JSX.Element {
  const isUp = canUse(cluster);
  const offers: readonly (readonly [
    string,
    boolean,
    (cluster: Cluster) => void
  ])[] = [
    [trans.__('Connect notebook'), isUp, actions.connect],
    [
      trans.__('Open Dask plot…'),
      isUp && cluster.has_dashboard,
      actions.openPlot
    ],
    [trans.__('Scale…'), isUp, actions.scale],
    [trans.__('Forget…'), canForget(cluster), actions.forget],
    [trans.__('Stop…'), canStop(cluster), actions.stop]
  ];
  return (
    <>
      {offers.map(
        ([label, isOffered, run]) =>
          isOffered && (
            <button
              key={label}
              type="button"
              className={`jp-BatchJobs-button ${run === actions.stop ? 'jp-mod-warn' : ''}`}
              onClick={() => run(cluster)}
            >
              {label}
            </button>
          )
      )}
    </>
  );
}
