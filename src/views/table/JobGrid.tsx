import * as React from 'react';

import { widthOf } from '../../model/columns';
import type { TableLayout } from '../../model/columns';
import type { JobRow } from '../../model/contract';
import { ordersFor } from '../../model/orders';
import type { GatewayOrders } from '../../model/orders';
import type { IJobActions } from '../jobs/jobActions';
import type { ICellContext } from './cells';
import { CHECK_WIDTH } from './checkCells';
import { within } from './gridKeys';
import { TableHead } from './TableHead';
import { TableRow } from './TableRow';
import { useGridKeys } from './useGridKeys';
import type { GridPlace, IGridRows } from './useGridKeys';
import { useInSight } from './useInSight';
import type { ISlot } from './useInSight';
import { WindowedGrid } from './WindowedGrid';

export interface IJobGridProps {
  rows: IGridRows;
  total: number;
  layout: TableLayout;
  selected: ReadonlySet<string>;
  /** Ids of the gateways that can hold jobs. */
  orders: GatewayOrders;
  isBusy: boolean;
  context: ICellContext;
  actions: IJobActions;
  /** These places are in sight. */
  onShow: (first: number, last: number) => void;
  onLayout: (layout: TableLayout) => void;
  onToggle: (row: JobRow) => void;
  /** Select as far as a place; `from` is where the keyboard stands, null with the mouse. */
  onExtend: (from: JobRow | null, to: number) => void;
  onSelectAll: () => void;
  onClear: () => boolean;
}

/** All jobs of a list of any length in one grid; only what is in sight is in the page. */
export function JobGrid(props: IJobGridProps): JSX.Element {
  const { total, layout, context } = props;
  const inSight = useInSight(total, props.onShow);
  const { virtualizer, items } = inSight;
  const gridId = React.useId();
  const [chosen, setPlace] = React.useState<GridPlace>(START);
  const place = presentPlace(chosen, props);
  const press = usePress(props, setPlace);
  const rowId = (index: number): string => `${gridId}-row-${index}`;
  const headId = (column: number): string => `${gridId}-head-${column}`;
  const onKeyDown = useGridKeys({
    ...props,
    pageRows: inSight.pageRows,
    place,
    onPlace: next => {
      setPlace(next);
      if (next.kind === 'row') {
        virtualizer.scrollToIndex(next.index);
      }
    },
    elementOf: index => document.getElementById(rowId(index))
  });
  return (
    <WindowedGrid
      inSight={inSight}
      label={context.trans.__('Batch jobs')}
      total={total}
      widths={[CHECK_WIDTH, ...layout.columns.map(one => widthOf(layout, one))]}
      isMultiselectable
      isBusy={props.isBusy}
      active={
        place.kind === 'head'
          ? headId(place.column)
          : items.some(({ index }) => index === place.index)
            ? rowId(place.index)
            : undefined
      }
      onKeyDown={onKeyDown}
      owned={items.map(({ index }) => rowId(index))}
    >
      <TableHead
        idOf={headId}
        layout={layout}
        active={place.kind === 'head' ? place.column : null}
        onLayout={props.onLayout}
        trans={context.trans}
      />
      <Rows
        {...props}
        place={place}
        items={inSight.slots}
        idOf={rowId}
        onPress={press}
      />
    </WindowedGrid>
  );
}

function Rows(
  props: IJobGridProps & {
    place: GridPlace;
    items: readonly ISlot[];
    idOf: (index: number) => string;
    onPress: (event: React.MouseEvent, index: number, row: JobRow) => void;
  }
): JSX.Element {
  const { place, selected, orders } = props;
  return (
    <>
      {props.items.map(({ index, start, slot }) => {
        const row = props.rows.row(index);
        return (
          <TableRow
            key={slot}
            id={props.idOf(index)}
            index={index}
            row={row}
            top={start}
            columns={props.layout.columns}
            isSelected={row !== undefined && selected.has(row.id)}
            isActive={place.kind === 'row' && place.index === index}
            can={ordersFor(row, orders)}
            context={props.context}
            actions={props.actions}
            onPress={props.onPress}
            onToggle={props.onToggle}
          />
        );
      })}
    </>
  );
}

const START: GridPlace = { kind: 'row', index: 0, id: null };

/** The focus stays on its job while that moves, and where it was when the job is gone. */
function presentPlace(
  place: GridPlace,
  { rows, total, layout }: IJobGridProps
): GridPlace {
  if (place.kind === 'head') {
    const column = Math.min(place.column, layout.columns.length - 1);
    return { kind: 'head', column };
  }
  const moved = place.id === null ? null : rows.indexOf(place.id);
  const index = within(moved ?? place.index, total);
  return { kind: 'row', index, id: place.id };
}

/** What a click on a row does: go there, or select as in any list of JupyterLab. */
function usePress(
  props: IJobGridProps,
  onPlace: (place: GridPlace) => void
): (event: React.MouseEvent, index: number, row: JobRow) => void {
  const latest = React.useRef(props);
  latest.current = props;
  return React.useCallback(
    (event, index, row) => {
      onPlace({ kind: 'row', index, id: row.id });
      if (event.shiftKey) {
        latest.current.onExtend(null, index);
      } else if (event.ctrlKey || event.metaKey) {
        latest.current.onToggle(row);
      }
    },
    [onPlace]
  );
}
