import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import {
  canForget,
  canStop,
  canUse,
  needsYou,
  stateOf
} from '../../model/cluster';
import type { Cluster } from '../../model/contract';
import { CardActions } from '../CardActions';
import type { CardAction } from '../CardActions';
import {
  clusterHead,
  clusterLine,
  clusterStateText,
  clusterTitle
} from '../text/clusterText';
import { errorText, isMisread } from '../text/errorText';
import type { IClusterActions } from './ClusterActions';
import { ClusterIcon, MemoryBar } from './ClusterLook';

export interface IClusterCardProps {
  cluster: Cluster;
  gatewayTitle: string;
  /** Milliseconds since the epoch; of a still picture when it was made. */
  now: number;
  /** Null where nothing can be done: in an untrusted notebook, or without a server. */
  actions: IClusterActions | null;
  /** This server does not know the cluster any more. */
  isOld: boolean;
  /** Why it could not be asked about. */
  error: Error | null;
  trans: TranslationBundle;
}

/** One Dask cluster under the cell that started or showed it: what its row in the panel says. */
export function ClusterCard(props: IClusterCardProps): JSX.Element {
  const { cluster, gatewayTitle, actions, trans } = props;
  const state = clusterStateText(cluster, trans);
  const head = clusterHead(cluster, trans);
  return (
    <div
      className="jp-BatchJobs-jobCard"
      role="group"
      aria-label={cluster.name}
    >
      <div className="jp-BatchJobs-headline">
        <ClusterIcon {...props} />
        <strong>{cluster.name}</strong>
        <span className="jp-BatchJobs-quiet">
          {trans.__('%1 on %2', state, gatewayTitle)}
        </span>
        {actions && (
          <CardActions
            shown={cluster}
            actions={actionsOf(cluster, actions, trans)}
          />
        )}
      </div>
      <MemoryBar cluster={cluster} trans={trans} />
      <CardLine {...props} head={head === state ? '' : head} />
      {props.isOld && (
        <div className="jp-BatchJobs-quiet">
          {isMisread(props.error)
            ? errorText(props.error, trans)
            : trans.__('As it was last seen. It is not in the list any more.')}
        </div>
      )}
    </div>
  );
}

/** What it does, with how much; what presses as a notice. */
function CardLine(props: IClusterCardProps & { head: string }): JSX.Element {
  const { cluster, now, head, trans } = props;
  const { text } = clusterLine(cluster, { now, trans, gatewayTitle: null });
  const isNeedy = needsYou(cluster, now);
  const title = clusterTitle(cluster, text, trans);
  return (
    <>
      <div className="jp-BatchJobs-cardLine">
        <span title={title}>{isNeedy ? '' : text}</span>
        <span>{head}</span>
      </div>
      {isNeedy && text && (
        <div
          className={`jp-BatchJobs-notice ${stateOf(cluster) === 'failed' ? 'jp-mod-error' : 'jp-mod-warning'}`}
          title={title}
        >
          {text}
        </div>
      )}
    </>
  );
}

function actionsOf(
  cluster: Cluster,
  actions: IClusterActions,
  trans: TranslationBundle
): CardAction<Cluster>[] {
  return [
    [trans.__('Connect notebook'), canUse(cluster), actions.connect],
    [trans.__('Scale…'), canUse(cluster), actions.scale],
    [trans.__('Stop…'), canStop(cluster), actions.stop],
    [trans.__('Forget…'), canForget(cluster), actions.forget]
  ];
}
