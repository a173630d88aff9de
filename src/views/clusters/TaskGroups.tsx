import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { ClusterProgress, ClusterTaskGroup } from '../../model/contract';
import { groupText } from '../text/clusterPageText';
import { countText } from '../text/timeText';

/** How far the work of a cluster is, by groups of tasks that do the same. */
export function TaskGroups(props: {
  /** Null where the gateway does not tell it. */
  progress: ClusterProgress | null;
  trans: TranslationBundle;
}): JSX.Element {
  const { progress, trans } = props;
  if (progress === null) {
    return (
      <p>{trans.__('This gateway does not tell the progress of work.')}</p>
    );
  }
  const { groups, groups_total } = progress;
  if (groups.length === 0) {
    return (
      <p>
        {trans.__(
          'No tasks. What a connected notebook computes is seen here by groups of tasks that do the same.'
        )}
      </p>
    );
  }
  return (
    <>
      <ul className="jp-BatchJobs-groups" aria-label={trans.__('Task groups')}>
        {groups.map(group => (
          <TaskGroup key={group.name} group={group} trans={trans} />
        ))}
      </ul>
      {groups_total > groups.length && (
        <p className="jp-BatchJobs-quiet">
          {trans.__(
            'The newest %1 of %2 groups.',
            countText(groups.length),
            countText(groups_total)
          )}
        </p>
      )}
    </>
  );
}

function TaskGroup(props: {
  group: ClusterTaskGroup;
  trans: TranslationBundle;
}): JSX.Element {
  const { group, trans } = props;
  const { name, done, total, erred } = group;
  const part = (count: number): string =>
    `${total > 0 ? (100 * count) / total : 0}%`;
  return (
    <li>
      <span className="jp-mod-code">{name}</span>
      <div
        role="progressbar"
        aria-label={name}
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={done + erred}
        aria-valuetext={groupText(group, trans)}
        className="jp-BatchJobs-bar jp-mod-parts"
      >
        <div style={{ width: part(done) }} />
        <div className="jp-mod-failed" style={{ width: part(erred) }} />
      </div>
      <span className="jp-BatchJobs-quiet">{groupText(group, trans)}</span>
    </li>
  );
}
