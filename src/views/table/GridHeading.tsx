import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

/** The heading of a column of a grid whose columns stay as they are. */
export function GridHeading(props: {
  id: string;
  text: string;
  /** It stands at the right, as what is below. */
  isNumber: boolean;
  /** How the grid is sorted by it; null if it is not. */
  sorted: 'ascending' | 'descending' | null;
  /** The keyboard is at it. */
  isActive: boolean;
  /** Null if nothing is sorted by it. */
  onSort: (() => void) | null;
  trans: TranslationBundle;
}): JSX.Element {
  const { text, sorted, onSort, trans } = props;
  return (
    <div
      id={props.id}
      role="columnheader"
      aria-sort={sorted ?? undefined}
      className={[
        'jp-BatchJobs-tableCell',
        props.isNumber ? 'jp-mod-number' : '',
        onSort ? 'jp-mod-sortable' : '',
        props.isActive ? 'jp-mod-current' : ''
      ].join(' ')}
      title={onSort ? trans.__('Sort by %1', text) : text}
      onClick={onSort ?? undefined}
    >
      <span>
        {text}
        {sorted && (
          <span aria-hidden="true"> {sorted === 'descending' ? '↓' : '↑'}</span>
        )}
      </span>
    </div>
  );
}
