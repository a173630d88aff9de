import type { TranslationBundle } from '@jupyterlab/translation';

import type { Cluster, ClusterReason } from '../../model/contract';

/** Why a cluster is where it is; empty if nothing is known. */
export function clusterReasonText(
  { reason, reason_text }: Pick<Cluster, 'reason' | 'reason_text'>,
  trans: TranslationBundle
): string {
  return reason_text ?? (reason === null ? '' : reasonWords(reason, trans));
}

function reasonWords(reason: ClusterReason, trans: TranslationBundle): string {
  switch (reason) {
    case 'resources':
      return trans.__('Waiting for free cores or memory');
    case 'priority':
      return trans.__('Waiting for what came before it');
    case 'answer_lost':
      return trans.__(
        'The gateway did not answer. Looking the cluster up; it will not be started twice'
      );
    case 'stopped_by_user':
      return trans.__('Stopped by you');
    case 'idle':
      return trans.__('Stopped by itself: it had no work');
    case 'closed':
      return trans.__('Closed by a client');
    case 'launch_failed':
      return trans.__('Could not be started');
    case 'failed':
      return trans.__('Its scheduler ended in an error');
    case 'killed':
      return trans.__('Its scheduler was killed');
    case 'memory':
      return trans.__('Out of memory');
    case 'node':
      return trans.__('Its machine failed or was restarted');
    case 'lost':
      return trans.__('It is gone, and nobody can tell why');
    case 'other':
      return trans.__('See its log');
  }
}
