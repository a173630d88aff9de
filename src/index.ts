import { card } from './plugins/card';
import { client } from './plugins/client';
import { clusterClient } from './plugins/clusterClient';
import { clusters } from './plugins/clusters';
import { clusterStore } from './plugins/clusterStore';
import { compose } from './plugins/compose';
import { jobs } from './plugins/jobs';
import { jobStore } from './plugins/jobStore';
import { launcher } from './plugins/launcher';
import { palette } from './plugins/palette';
import { panel } from './plugins/panel';
import { runningOutput } from './plugins/runningOutput';
import { table } from './plugins/table';
import { templates } from './plugins/templates';
import { watch } from './plugins/watch';

export * from './clusterTokens';
export * from './tokens';

export default [
  client,
  jobStore,
  clusterClient,
  clusterStore,
  panel,
  jobs,
  clusters,
  compose,
  templates,
  card,
  runningOutput,
  table,
  watch,
  launcher,
  palette
];
