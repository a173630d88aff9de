import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { canUse } from '../../model/cluster';
import type {
  Cluster,
  ClusterOffer,
  ClusterWorker
} from '../../model/contract';
import type { IClusterDetails } from '../../stores/clusterDetails';
import { PageTabs } from '../job/PageTabs';
import type { IPageTab } from '../job/PageTabs';
import { Notice } from '../jobs/Notices';
import { LogView } from '../log/LogView';
import type { ILogViewProps } from '../log/LogView';
import { silenceText, warningText } from '../text/clusterPageText';
import { errorText } from '../text/errorText';
import { countText } from '../text/timeText';
import type { IClusterActions } from './ClusterActions';
import { ClusterFacts } from './ClusterFacts';
import { ClusterHead } from './ClusterHead';
import { TaskGroups } from './TaskGroups';
import { WorkersTable } from './WorkersTable';

export interface IClusterPageProps {
  /** Null before anything is known. */
  cluster: Cluster | null;
  /** It is not in the list any more. */
  isGone: boolean;
  /** What its gateway tells and does; null before that is known. */
  offer: ClusterOffer | null;
  details: IClusterDetails;
  error: Error | null;
  /** Null where the gateway does not tell it. */
  log: Omit<ILogViewProps, 'trans'> | null;
  now: number;
  actions: IClusterActions;
  onRetire: (worker: ClusterWorker) => void;
  onRetry: () => void;
  trans: TranslationBundle;
}

/** One cluster: how it is, its workers and its work in leaves, and its log below. */
export function ClusterPage(props: IClusterPageProps): JSX.Element {
  const { cluster, trans } = props;
  const error = props.error ?? props.details.error;
  return (
    <div className="jp-BatchJobs-job">
      <div className="jp-BatchJobs-jobBody">
        {error && (
          <Notice
            tone="error"
            text={errorText(error, trans)}
            action={{ label: trans.__('Retry'), run: props.onRetry }}
          />
        )}
        {props.isGone && (
          <p role="status">
            {trans.__(
              'This cluster is not in the list any more: it was over long ago, or was forgotten. Close this tab.'
            )}
          </p>
        )}
        {cluster && (
          <>
            <ClusterHead {...props} cluster={cluster} />
            <Warnings {...props} cluster={cluster} />
            <PageTabs
              label={trans.__('Parts of the page')}
              tabs={tabsOf(props, cluster)}
            />
          </>
        )}
      </div>
      {cluster && props.log && <LogView {...props.log} trans={trans} />}
    </div>
  );
}

/** What its user should know of it. */
function Warnings(
  props: IClusterPageProps & { cluster: Cluster }
): JSX.Element {
  const { cluster, offer, now, trans } = props;
  const silence = silenceText(cluster, offer, now, trans);
  return (
    <>
      {silence && <Notice tone="warning" text={silence} />}
      {canUse(cluster) &&
        cluster.warnings.map(warning => (
          <Notice
            key={warning.code}
            tone="warning"
            text={warningText(warning, trans)}
          />
        ))}
    </>
  );
}

function tabsOf(
  props: IClusterPageProps,
  cluster: Cluster
): readonly IPageTab[] {
  const { offer, details, trans } = props;
  const { workers, progress } = details;
  const facts: IPageTab = {
    id: 'overview',
    title: trans.__('Overview'),
    content: <ClusterFacts cluster={cluster} offer={offer} trans={trans} />
  };
  if (!canUse(cluster) || offer === null) {
    return [facts];
  }
  const can = offer.capabilities;
  const isHeard = (known: unknown, can: boolean): boolean =>
    known !== null || !can;
  return [
    {
      id: 'workers',
      title: workers
        ? trans.__('Workers %1', countText(workers.workers.length))
        : trans.__('Workers'),
      content: isHeard(workers, can.workers) ? (
        <WorkersTable
          workers={workers && workers.workers}
          asOf={workers ? Date.parse(workers.as_of) : props.now}
          canRetire={can.retire}
          onRetire={props.onRetire}
          trans={trans}
        />
      ) : (
        <></>
      )
    },
    {
      id: 'progress',
      title: trans.__('Progress'),
      content: isHeard(progress, can.progress) ? (
        <TaskGroups progress={progress} trans={trans} />
      ) : (
        <></>
      )
    },
    facts
  ];
}
