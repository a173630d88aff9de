import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Widget } from '@lumino/widgets';

import type { Cluster } from '../model/contract';
import { DecodeError } from '../model/decode';
import { decodeCluster } from '../model/decode/cluster';
import { CLUSTER_MIME_TYPE } from './cardRenderer';
import { ClusterCardWidget } from './clusterCard';
import { readOrTell } from './unreadCard';

/** A cluster as the output of a cell carries it. */
export interface IClusterPicture {
  readonly cluster: Cluster;
  /** When it was so, in ms since the epoch. */
  readonly asOf: number;
}

/** What cards of clusters are made with. */
export interface IClusterCards {
  /** Asked for the first time a trusted card is drawn. */
  getService: () => Promise<ClusterCardWidget.IService>;
  trans: TranslationBundle;
}

/** Make the card of the cluster that an output carries; what is none is rejected. */
export async function makeClusterCard(
  { getService, trans }: IClusterCards,
  model: IRenderMime.IMimeModel
): Promise<Widget> {
  const read = readOrTell(model, CLUSTER_MIME_TYPE, readClusterCard, trans);
  if ('unread' in read) {
    return read.unread;
  }
  const service = model.trusted ? await getService() : null;
  return new ClusterCardWidget({ ...read.card, service, trans });
}

/**
 * Read what the output of a cell says of a cluster.
 *
 * @throws DecodeError if it is not `{version: 1, cluster_id, as_of, row}`.
 */
export function readClusterCard(payload: unknown): IClusterPicture {
  const fields = new Map<string, unknown>(
    typeof payload === 'object' && payload ? Object.entries(payload) : []
  );
  if (fields.get('version') !== 1) {
    throw new DecodeError('version', '1');
  }
  const asOf = Date.parse(String(fields.get('as_of')));
  if (Number.isNaN(asOf)) {
    throw new DecodeError('as_of', 'time');
  }
  const cluster = decodeCluster(fields.get('row'), 'row');
  if (cluster.id !== fields.get('cluster_id')) {
    throw new DecodeError('cluster_id', cluster.id);
  }
  return { cluster, asOf };
}
