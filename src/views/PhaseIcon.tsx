import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { JobRow, Phase } from '../model/contract';
import { phaseIcon } from './icons';
import { stateText } from './text/phaseText';

/** The tone of a phase, as a css class. */
export function phaseTone(phase: Phase): string {
  switch (phase) {
    case 'PENDING':
    case 'HELD':
    case 'QUEUED':
    case 'SUSPENDED':
    case 'ABORTED':
    case 'ARCHIVED':
      return 'jp-mod-quiet';
    case 'EXECUTING':
      return 'jp-mod-running';
    case 'COMPLETED':
      return 'jp-mod-completed';
    case 'ERROR':
      return 'jp-mod-failed';
    case 'UNKNOWN':
      return 'jp-mod-unknown';
  }
}

/** The sign of a phase; its word stands beside it or, where there is no room, in its tooltip. */
export function PhaseIcon(props: {
  row: Pick<JobRow, 'phase' | 'substate'>;
  trans: TranslationBundle;
}): JSX.Element {
  const { row, trans } = props;
  return (
    <span
      className={`jp-BatchJobs-phase ${phaseTone(row.phase)}`}
      title={stateText(row, trans)}
      aria-hidden="true"
    >
      <Sign phase={row.phase} />
    </span>
  );
}

// JupyterLab's icons look up their style and connect their signal whenever they are drawn.
const Sign = React.memo(function Sign(props: { phase: Phase }): JSX.Element {
  const icon = phaseIcon(props.phase);
  return <icon.react tag="span" />;
});
