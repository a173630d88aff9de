import * as React from 'react';

import type { Phase } from '../../model/contract';
import { phaseTone } from '../PhaseIcon';

/** How much of something is done. */
export function ProgressBar(props: {
  /** From 0 to 1. */
  fraction: number;
  phase: Phase;
  label: string;
}): JSX.Element {
  const percent = Math.round(props.fraction * 100);
  return (
    <div
      role="progressbar"
      aria-label={props.label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      className={`jp-BatchJobs-bar ${phaseTone(props.phase)}`}
    >
      <div style={{ width: `${percent}%` }} />
    </div>
  );
}
