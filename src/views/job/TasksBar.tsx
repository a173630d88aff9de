import * as React from 'react';

import type { TaskTally } from '../../model/tasks';

/**
 * The tasks of an array by where they are, the ones that wait last and empty.
 *
 * Only to be seen: the same stands beside it in words.
 */
export function TasksBar(props: { tally: TaskTally }): JSX.Element {
  const { tally } = props;
  const parts: readonly (readonly [string, number])[] = [
    ['jp-mod-completed', tally.completed],
    ['jp-mod-failed', tally.failed],
    ['jp-mod-quiet', tally.cancelled],
    ['jp-mod-running', tally.running],
    ['jp-mod-waiting', tally.waiting]
  ];
  return (
    <div className="jp-BatchJobs-tasksBar" aria-hidden="true">
      {parts
        .filter(([, count]) => count > 0)
        .map(([tone, count]) => (
          <div key={tone} className={tone} style={{ flexGrow: count }} />
        ))}
    </div>
  );
}
