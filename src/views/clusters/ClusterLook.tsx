import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { memoryFraction, needsYou, stateOf } from '../../model/cluster';
import type { ClusterState } from '../../model/cluster';
import type { Cluster } from '../../model/contract';
import { clusterIcon } from '../icons';
import { clusterStateText, memoryText } from '../text/clusterText';

/** The icon of a cluster in the tone of what it does. */
export function ClusterIcon(props: {
  cluster: Cluster;
  now: number;
  trans: TranslationBundle;
}): JSX.Element {
  const { cluster, now, trans } = props;
  return (
    <span
      className={`jp-BatchJobs-phase ${toneOf(stateOf(cluster), needsYou(cluster, now))}`}
      title={clusterStateText(cluster, trans)}
      aria-hidden="true"
    >
      <clusterIcon.react tag="span" />
    </span>
  );
}

/** How much of the memory of all workers is used; nothing where that is not known. */
export function MemoryBar(props: {
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
