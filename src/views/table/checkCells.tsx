import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

/** The column of boxes to tick is as wide, in pixels. */
export const CHECK_WIDTH = 34;

/** The heading of the column in which rows are ticked. */
export function CheckHead(props: { trans: TranslationBundle }): JSX.Element {
  return (
    <div role="columnheader" className="jp-BatchJobs-tableCheck">
      <span className="jp-BatchJobs-srOnly">{props.trans.__('Selected')}</span>
    </div>
  );
}

/** The box by which a row is selected; the keyboard does it from the row itself. */
export function CheckCell(props: {
  isSelected: boolean;
  label: string;
  onToggle: () => void;
}): JSX.Element {
  return (
    <div role="gridcell" className="jp-BatchJobs-tableCheck">
      <input
        type="checkbox"
        tabIndex={-1}
        checked={props.isSelected}
        aria-label={props.label}
        onChange={props.onToggle}
        onClick={event => event.stopPropagation()}
      />
    </div>
  );
}
