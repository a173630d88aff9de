import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { COLUMN_IDS, USUAL_LAYOUT, withColumn } from '../../model/columns';
import type { ColumnId, TableLayout } from '../../model/columns';
import { columnText } from './cells';

/** Which columns are shown. */
export function ColumnsMenu(props: {
  layout: TableLayout;
  /** Columns for which there is no room. */
  leftOut: readonly ColumnId[];
  onLayout: (layout: TableLayout) => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { layout, onLayout, trans } = props;
  const [isOpen, setOpen] = React.useState(false);
  const root = React.useRef<HTMLDivElement>(null);
  const button = React.useRef<HTMLButtonElement>(null);
  const panelId = React.useId();
  const close = (): void => {
    setOpen(false);
    button.current?.focus();
  };
  return (
    <div
      ref={root}
      className="jp-BatchJobs-columns"
      onKeyDown={event => {
        if (event.key === 'Escape' && isOpen) {
          event.stopPropagation();
          close();
        }
      }}
      onBlur={({ relatedTarget }) => {
        if (relatedTarget && !root.current?.contains(relatedTarget as Node)) {
          setOpen(false);
        }
      }}
    >
      <button
        ref={button}
        type="button"
        className="jp-BatchJobs-button"
        aria-expanded={isOpen}
        aria-controls={panelId}
        onClick={() => setOpen(!isOpen)}
      >
        {trans.__('Columns')} <span aria-hidden="true">▾</span>
      </button>
      <div
        id={panelId}
        role="group"
        aria-label={trans.__('Columns')}
        className="jp-BatchJobs-columnsPanel"
        hidden={!isOpen}
      >
        {COLUMN_IDS.map(column => (
          <label key={column}>
            <input
              type="checkbox"
              checked={layout.columns.includes(column)}
              disabled={column === 'name'}
              onChange={({ target }) =>
                onLayout(withColumn(layout, column, target.checked))
              }
            />
            {props.leftOut.includes(column)
              ? trans.__('%1 (no room)', columnText(column, trans))
              : columnText(column, trans)}
          </label>
        ))}
        <button
          type="button"
          className="jp-BatchJobs-link"
          onClick={() => {
            onLayout(USUAL_LAYOUT);
            close();
          }}
        >
          {trans.__('As usual')}
        </button>
      </div>
    </div>
  );
}
