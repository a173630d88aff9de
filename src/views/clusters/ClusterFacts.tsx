import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Cluster, ClusterOffer } from '../../model/contract';
import { FactList } from '../job/JobFacts';
import type { Fact } from '../text/environmentText';
import { bytesText } from '../text/quantityText';
import { countText, durationText, exactTimeText } from '../text/timeText';

/** What is known of a cluster, each fact with its name; a dash where it is not known. */
export function ClusterFacts(props: {
  cluster: Cluster;
  /** Null before it is known. */
  offer: ClusterOffer | null;
  trans: TranslationBundle;
}): JSX.Element {
  const { cluster, offer, trans } = props;
  return (
    <div className="jp-BatchJobs-facts">
      <FactList title={trans.__('When')} facts={timeFacts(cluster, trans)} />
      <FactList
        title={trans.__('How much')}
        facts={sizeFacts(cluster, trans)}
      />
      <FactList
        title={trans.__('Where')}
        facts={[
          [trans.__('Gateway'), offer?.title ?? cluster.gateway_id],
          [trans.__('Dask'), offer?.version ?? null],
          [trans.__('Id there'), cluster.native_id, true],
          [trans.__('Folder'), cluster.spec.working_directory ?? null, true]
        ]}
      />
      <FactList title={trans.__('Options')} facts={optionFacts(cluster)} />
    </div>
  );
}

function timeFacts(cluster: Cluster, trans: TranslationBundle): Fact[] {
  const moment = (time: string | null): string | null =>
    time === null ? null : exactTimeText(time);
  const { idle_stop_seconds } = cluster;
  return [
    [trans.__('Asked for'), moment(cluster.created_at)],
    [trans.__('Started'), moment(cluster.started_at)],
    [
      trans.__('Stops when idle for'),
      idle_stop_seconds === null ? null : durationText(idle_stop_seconds)
    ],
    [trans.__('Stops'), moment(cluster.idle_stop_at)],
    [trans.__('Ended'), moment(cluster.ended_at)]
  ];
}

function sizeFacts(cluster: Cluster, trans: TranslationBundle): Fact[] {
  const count = (known: number | null): string | null =>
    known === null ? null : countText(known);
  const memory = (known: number | null): string | null =>
    known === null ? null : bytesText(known);
  const { workers, tasks } = cluster;
  return [
    [trans.__('Workers ready'), count(workers.ready)],
    [trans.__('Workers wanted'), count(workers.wanted)],
    [trans.__('Cores'), count(cluster.cores)],
    [trans.__('Memory'), memory(cluster.memory_bytes)],
    [trans.__('Memory used'), memory(cluster.memory_used_bytes)],
    [trans.__('Tasks'), count(tasks && tasks.total)],
    [trans.__('Tasks failed'), count(tasks && tasks.erred)]
  ];
}

/** As the gateway names them. */
function optionFacts({ spec }: Cluster): Fact[] {
  return Object.entries(spec.options ?? {}).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
    true
  ]);
}
