import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import {
  CLUSTER_GROUPS,
  canForget,
  canStop,
  groupOf
} from '../../model/cluster';
import type { ClusterGroup } from '../../model/cluster';
import type { IClustersSnapshot } from '../../clusterTokens';
import { totalOf, textsOf } from '../../model/clusterForm';
import type { Cluster, ClusterOffer } from '../../model/contract';
import { Notice } from '../jobs/Notices';
import { useListFocus } from '../jobs/useListFocus';
import type { IListFocus, IWantedStop } from '../jobs/useListFocus';
import { offerText } from '../text/clusterOfferText';
import { clusterCountsText, clusterGroupText } from '../text/clusterText';
import { errorText } from '../text/errorText';
import { ageText, countText } from '../text/timeText';
import type { IClusterActions } from './ClusterActions';
import { ClusterRowItem } from './ClusterRowItem';

export interface IClustersListProps {
  snapshot: IClustersSnapshot;
  /** Where clusters can be started; null until that was heard. */
  offers: readonly ClusterOffer[] | null;
  /** A cluster is being started. */
  isStarting: boolean;
  /** Why the last action failed. */
  error: Error | null;
  /** Milliseconds since the epoch; idle times are counted to it. */
  now: number;
  actions: IClusterActions;
  /** The cluster that is to take the focus. */
  wanted: IWantedStop | null;
  /** Start the default cluster of a gateway. */
  onStart: (offer: ClusterOffer) => void;
  onNew: () => void;
  onRetry: () => void;
  trans: TranslationBundle;
}

/** All Dask clusters in the order of what a person must do. */
export function ClustersList(props: IClustersListProps): JSX.Element {
  const { snapshot, now, trans } = props;
  const { clusters, staleSince } = snapshot;
  return (
    <div className="jp-BatchJobs-list" data-state={snapshot.state}>
      {snapshot.state === 'loading' && (
        <div
          className="jp-BatchJobs-loading"
          role="progressbar"
          aria-label={trans.__('Loading clusters')}
        />
      )}
      {staleSince !== null && clusters !== null && clusters.length > 0 && (
        <p className="jp-BatchJobs-clustersAge">
          {ageText(staleSince, now, trans)}
        </p>
      )}
      {props.error && staleSince === null && (
        <Notice
          tone="error"
          text={errorText(props.error, trans)}
          action={{ label: trans.__('Retry'), run: props.onRetry }}
        />
      )}
      <div role="status" className="jp-BatchJobs-srOnly">
        {clusters && clusterCountsText(clusters, now, trans)}
      </div>
      {clusters?.length === 0 && <NothingYet {...props} />}
      {clusters && clusters.length > 0 && (
        <ClustersGrid {...props} clusters={clusters} />
      )}
    </div>
  );
}

/** What there is to do while there are no clusters; nothing before that is known. */
function NothingYet(props: IClustersListProps): JSX.Element | null {
  const { offers, trans } = props;
  const offer = offers?.find(({ unavailable }) => unavailable === null);
  if (offers === null) {
    return null;
  }
  return (
    <div className="jp-BatchJobs-empty">
      <p>
        {offer
          ? trans.__(
              'No Dask clusters yet. A cluster computes for notebooks, and goes on while Jupyter restarts.'
            )
          : (offers[0]?.unavailable ??
            trans.__(
              'No gateway of this Jupyter server starts Dask clusters.'
            ))}
      </p>
      {offer ? (
        <button
          type="button"
          className="jp-BatchJobs-link"
          aria-disabled={props.isStarting}
          onClick={() => props.onStart(offer)}
        >
          {offerText(totalOf(textsOf(offer), offer), trans)}
        </button>
      ) : (
        offers.length > 0 && (
          <button
            type="button"
            className="jp-BatchJobs-link"
            onClick={props.onNew}
          >
            {trans.__('New cluster')}
          </button>
        )
      )}
    </div>
  );
}

function ClustersGrid(
  props: IClustersListProps & { clusters: readonly Cluster[] }
): JSX.Element {
  const { clusters, now, trans } = props;
  const grouped = CLUSTER_GROUPS.map(group => ({
    group,
    members: clusters.filter(cluster => groupOf(cluster, now) === group)
  })).filter(({ members }) => members.length > 0);
  const focus = useGridFocus(
    props,
    grouped.flatMap(({ members }) => members)
  );
  return (
    <div
      ref={focus.ref}
      role="grid"
      aria-label={trans.__('Dask clusters')}
      aria-busy={props.snapshot.state === 'loading'}
      onFocus={focus.onFocus}
      onKeyDown={focus.onKeyDown}
    >
      {grouped.map(({ group, members }) => (
        <GroupSection
          key={group}
          {...props}
          group={group}
          members={members}
          stop={focus.stop}
        />
      ))}
    </div>
  );
}

function GroupSection(
  props: IClustersListProps & {
    group: ClusterGroup;
    members: readonly Cluster[];
    stop: string | null;
  }
): JSX.Element {
  const { group, members, trans } = props;
  const headingId = React.useId();
  return (
    <div role="rowgroup" aria-labelledby={headingId} data-group={group}>
      <div role="row" className="jp-BatchJobs-groupHead">
        <span role="rowheader" id={headingId}>
          {clusterGroupText(group, trans)} · {countText(members.length)}
        </span>
      </div>
      {members.map(cluster => (
        <ClusterRowItem
          key={cluster.id}
          cluster={cluster}
          gatewayTitle={titleOf(cluster, props.offers ?? [])}
          now={props.now}
          isStop={props.stop === `cluster:${cluster.id}`}
          actions={props.actions}
          trans={trans}
        />
      ))}
    </div>
  );
}

/** What keys do in the list of these clusters. */
function useGridFocus(
  { actions, wanted }: IClustersListProps,
  clusters: readonly Cluster[]
): IListFocus {
  const stops = clusters.map(({ id }) => `cluster:${id}`);
  const clusterOf = (stop: HTMLElement): Cluster | undefined =>
    clusters.find(({ id }) => id === stop.dataset.clusterId);
  return useListFocus(stops, stops[0] ?? null, wanted, {
    nameOf: stop => clusterOf(stop)?.name ?? '',
    onEnter: stop => {
      const cluster = clusterOf(stop);
      if (cluster) {
        actions.open(cluster);
      }
    },
    onDelete: stop => {
      const cluster = clusterOf(stop);
      if (cluster && canStop(cluster)) {
        actions.stop(cluster);
      } else if (cluster && canForget(cluster)) {
        actions.forget(cluster);
      }
    },
    select: null
  });
}

/** The name of a cluster's gateway; null where there is one only, which need not be named. */
function titleOf(
  { gateway_id }: Cluster,
  offers: readonly ClusterOffer[]
): string | null {
  return offers.length > 1
    ? (offers.find(({ id }) => id === gateway_id)?.title ?? gateway_id)
    : null;
}
