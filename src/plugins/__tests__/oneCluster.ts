import type { Token } from '@lumino/coreutils';
import { waitFor } from '@testing-library/dom';

import { IClusterStore } from '../../clusterTokens';
import type { Cluster } from '../../model/contract';
import { clusterIdOf } from '../../stores/__tests__/fakeClusters';
import { startApp } from './testApp';

/** An application with one cluster that runs, and what JupyterLab offers besides. */
export async function startWith(
  changes: Partial<Cluster> = {},
  offers: readonly (readonly [Token<unknown>, unknown])[] = []
) {
  const parts = await startApp(offers);
  parts.dask.put(1, changes);
  const clusters = await parts.app.resolveRequiredService(IClusterStore);
  clusters.attach();
  await waitFor(() => expect(clusters.snapshot.state).toBe('live'));
  const run = (command: string, id = clusterIdOf(1)): Promise<unknown> =>
    parts.app.commands.execute(command, { cluster_id: id });
  const deeds = (): string[] =>
    parts.client.calls.filter(call =>
      /^(start|scale|adapt|stop|forget)/.test(call)
    );
  return { ...parts, clusters, deeds, run };
}
