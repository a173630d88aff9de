import type { TranslationBundle } from '@jupyterlab/translation';
import { closeIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import { BULK_ACTIONS, fits } from '../../model/bulk';
import type { BulkAction, BulkResult } from '../../model/bulk';
import type { JobRow } from '../../model/contract';
import { ordersFor } from '../../model/orders';
import type { GatewayOrders } from '../../model/orders';
import { bulkLabel, resultDetails, resultText } from '../text/bulkText';
import { errorText } from '../text/errorText';
import { countText } from '../text/timeText';
import { Notice } from './Notices';

/** Which jobs are selected, and what came of the last action on many. Frozen. */
export interface IListSelection {
  readonly ids: ReadonlySet<string>;
  /** An action is under way. */
  readonly isBusy: boolean;
  readonly result: BulkResult | null;
  /** Why nothing came of the last action. */
  readonly error: Error | null;
}

/** How jobs are selected, and what is done to them. */
export interface ISelectionActions {
  toggle(id: string): void;
  /** Select as far as `to`; a range that did not end at `from`, if given, begins anew there. */
  extend(from: string | null, to: string, order: readonly string[]): void;
  selectAll(ids: readonly string[]): void;
  clear(): void;
  run(action: BulkAction, rows: readonly JobRow[]): void;
}

export interface ISelectionBarProps {
  /** All known jobs. */
  rows: readonly JobRow[];
  selection: IListSelection;
  actions: ISelectionActions;
  orders: GatewayOrders;
  /** The focus was in here, and what had it is gone. */
  onLeave: () => void;
  trans: TranslationBundle;
}

/** What can be done to the selected jobs, and what came of it; it covers no row and moves none. */
export function SelectionBar(props: ISelectionBarProps): JSX.Element {
  const { selection, actions, trans } = props;
  const { result, error } = selection;
  const selected = props.rows.filter(({ id }) => selection.ids.has(id));
  const ref = useFocusLeft(props.onLeave);
  const isShown = selected.length > 0 || result !== null || error !== null;
  return (
    <div
      ref={ref}
      className={isShown ? 'jp-BatchJobs-selection' : ''}
      onKeyDown={event => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          actions.clear();
        }
      }}
    >
      <div aria-live="polite">
        {result && (
          <Notice
            tone="info"
            text={trans.__('%1.', resultText(result, trans))}
            detail={resultDetails(result, trans)}
            detailLabel={trans.__('Details')}
            action={
              selected.length === 0
                ? { label: trans.__('Close'), run: actions.clear }
                : null
            }
          />
        )}
        {error && <Notice tone="error" text={errorText(error, trans)} />}
        <span className="jp-BatchJobs-srOnly">
          {selected.length > 0 && countSelected(selected.length, trans)}
        </span>
      </div>
      {selected.length > 0 && <Buttons {...props} selected={selected} />}
    </div>
  );
}

/** Tell when the element with the focus is taken out of an element. */
function useFocusLeft(onLeave: () => void): React.RefObject<HTMLDivElement> {
  const ref = React.useRef<HTMLDivElement>(null);
  const hadFocus = ref.current?.contains(document.activeElement) ?? false;
  React.useLayoutEffect(() => {
    if (hadFocus && !ref.current?.contains(document.activeElement)) {
      onLeave();
    }
  });
  return ref;
}

function countSelected(count: number, trans: TranslationBundle): string {
  return trans._n('%2 selected', '%2 selected', count, countText(count));
}

function Buttons(
  props: ISelectionBarProps & { selected: readonly JobRow[] }
): JSX.Element {
  const { selected, selection, actions, orders, trans } = props;
  return (
    <div
      role="group"
      className="jp-BatchJobs-selectionBar"
      aria-label={trans.__('Selected jobs')}
      aria-busy={selection.isBusy}
    >
      <span aria-hidden="true">{countSelected(selected.length, trans)}</span>
      <button
        type="button"
        className="jp-BatchJobs-rowButton"
        title={trans.__('Clear selection')}
        aria-label={trans.__('Clear selection')}
        onClick={actions.clear}
      >
        <closeIcon.react tag="span" />
      </button>
      {BULK_ACTIONS.map(action => {
        const fitting = selected.filter(row =>
          fits(action, row, ordersFor(row, orders))
        );
        return (
          fitting.length > 0 && (
            <button
              key={action}
              type="button"
              className="jp-BatchJobs-link"
              aria-disabled={selection.isBusy}
              onClick={() => actions.run(action, fitting)}
            >
              {bulkLabel(action, fitting.length, trans)}
            </button>
          )
        );
      })}
    </div>
  );
}
