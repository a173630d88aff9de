import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { SORT_OF, sortedBy, widthOf, withWidth } from '../../model/columns';
import type { ColumnId, TableLayout } from '../../model/columns';
import { columnText, isNumeric } from './cells';
import { CheckHead } from './checkCells';

export interface ITableHeadProps {
  /** Of a heading, by its place. */
  idOf: (column: number) => string;
  layout: TableLayout;
  /** The heading at which the focus stands. */
  active: number | null;
  onLayout: (layout: TableLayout) => void;
  trans: TranslationBundle;
}

/** The headings: a click sorts, a drag of their edge makes a column wider. */
export function TableHead(props: ITableHeadProps): JSX.Element {
  const { layout, trans } = props;
  return (
    <div role="row" aria-rowindex={1} className="jp-BatchJobs-tableHead">
      <CheckHead trans={trans} />
      {layout.columns.map((column, index) => (
        <Heading
          {...props}
          key={column}
          id={props.idOf(index)}
          column={column}
          isActive={props.active === index}
        />
      ))}
    </div>
  );
}

function Heading(
  props: ITableHeadProps & { id: string; column: ColumnId; isActive: boolean }
): JSX.Element {
  const { layout, column, onLayout, trans } = props;
  const sort = SORT_OF[column];
  const text = columnText(column, trans);
  const isSorted = sort === layout.sort;
  const direction = layout.descending ? 'descending' : 'ascending';
  return (
    <div
      id={props.id}
      role="columnheader"
      aria-sort={isSorted ? direction : undefined}
      className={[
        'jp-BatchJobs-tableCell',
        isNumeric(column) ? 'jp-mod-number' : '',
        sort ? 'jp-mod-sortable' : '',
        props.isActive ? 'jp-mod-current' : ''
      ].join(' ')}
      title={sort ? trans.__('Sort by %1', text) : text}
      onClick={() => onLayout(sortedBy(layout, column))}
    >
      <span>
        {text}
        {isSorted && (
          <span aria-hidden="true"> {layout.descending ? '↓' : '↑'}</span>
        )}
      </span>
      <span
        className="jp-BatchJobs-tableEdge"
        aria-hidden="true"
        onClick={event => event.stopPropagation()}
        onPointerDown={event => drag(event, props)}
      />
    </div>
  );
}

/** Follow the mouse until it is let go. */
function drag(
  event: React.PointerEvent<HTMLElement>,
  { column, layout, onLayout }: ITableHeadProps & { column: ColumnId }
): void {
  const edge = event.currentTarget;
  const begin = event.clientX - widthOf(layout, column);
  const isRtl = getComputedStyle(edge).direction === 'rtl';
  const start = event.clientX;
  const move = ({ clientX }: PointerEvent): void => {
    const width = isRtl ? start - begin - (clientX - start) : clientX - begin;
    onLayout(withWidth(layout, column, width));
  };
  const end = (): void => {
    edge.removeEventListener('pointermove', move);
    edge.removeEventListener('lostpointercapture', end);
  };
  event.preventDefault();
  edge.setPointerCapture(event.pointerId);
  edge.addEventListener('pointermove', move);
  edge.addEventListener('lostpointercapture', end);
}
