import type { TranslationBundle } from '@jupyterlab/translation';
import { closeIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import { BULK_ACTIONS } from '../../model/bulk';
import type { BulkAction, BulkResult } from '../../model/bulk';
import type { JobRow } from '../../model/contract';
import { bulkLabel, resultDetails, resultText } from '../text/bulkText';
import { errorText } from '../text/errorText';
import { countText } from '../text/timeText';
import { Notice } from './Notices';

/** Which are selected, and what came of the last action on many. Frozen. */
export interface IListSelection {
  readonly ids: ReadonlySet<string>;
  /** An action is under way. */
  readonly isBusy: boolean;
  readonly result: BulkResult | null;
  /** Why nothing came of the last action. */
  readonly error: Error | null;
}

/** How jobs, or tasks, are selected, and what is done to them. */
export interface ISelectionActions<Row = JobRow> {
  toggle(id: string): void;
  /** Select as far as `to`; a range that did not end at `from`, if given, begins anew there. */
  extend(from: string | null, to: string, order: readonly string[]): void;
  selectAll(ids: readonly string[]): void;
  clear(): void;
  run(action: BulkAction, rows: readonly Row[]): void;
}

export interface ISelectionBarProps<Row> {
  /** What is selected, each as it is now. */
  selected: readonly Row[];
  /** Says what they are. */
  label: string;
  selection: IListSelection;
  actions: Pick<ISelectionActions<Row>, 'clear' | 'run'>;
  fits: (action: BulkAction, row: Row) => boolean;
  /** The focus was in here, and what had it is gone. */
  onLeave: () => void;
  trans: TranslationBundle;
}

/** What can be done to what is selected, and what came of it; it covers no row and moves none. */
export function SelectionBar<Row>(props: ISelectionBarProps<Row>): JSX.Element {
  const { selected, selection, actions, trans } = props;
  const { result, error } = selection;
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
      {selected.length > 0 && <Buttons {...props} />}
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

function Buttons<Row>(props: ISelectionBarProps<Row>): JSX.Element {
  const { selected, selection, actions, fits, trans } = props;
  return (
    <div
      role="group"
      className="jp-BatchJobs-selectionBar"
      aria-label={props.label}
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
        const fitting = selected.filter(row => fits(action, row));
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
