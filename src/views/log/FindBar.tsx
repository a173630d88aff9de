import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { MOST_COUNTED } from '../../model/finding';
import type { IFindSnapshot } from '../../stores/logFinder';
import type { FindDirection } from '../../tokens';
import { errorText } from '../text/errorText';
import { bytesText } from '../text/quantityText';
import { countText } from '../text/timeText';

export interface IFindBarProps {
  find: IFindSnapshot;
  /** Look for a text, or with null for what tells of an error. */
  onFind: (query: string | null, direction: FindDirection) => void;
  onStopFinding: () => void;
  trans: TranslationBundle;
}

/** What is looked for in a log, the ways to the next and to the one before, and where that is. */
export function FindBar(props: IFindBarProps): JSX.Element {
  const { find, onFind, trans } = props;
  const [text, setText] = React.useState('');
  const run = (direction: FindDirection): void => {
    if (text) {
      onFind(text, direction);
    }
  };
  return (
    <div className="jp-BatchJobs-find" role="search">
      <input
        type="search"
        className="jp-mod-styled"
        aria-label={trans.__('Find in the whole log')}
        placeholder={trans.__('Find')}
        maxLength={200}
        value={text}
        onChange={event => setText(event.target.value)}
        onKeyDown={event => {
          if (event.key === 'Enter') {
            run(event.shiftKey ? 'previous' : 'next');
          } else if (event.key === 'Escape') {
            setText('');
            props.onStopFinding();
          }
        }}
      />
      <Step
        label={trans.__('Previous match')}
        sign="↑"
        isOff={!text}
        onClick={() => run('previous')}
      />
      <Step
        label={trans.__('Next match')}
        sign="↓"
        isOff={!text}
        onClick={() => run('next')}
      />
      <button
        type="button"
        className="jp-BatchJobs-link jp-mod-failed"
        onClick={() => onFind(null, 'next')}
      >
        {find.query === null && find.match
          ? trans.__('Next error ↓')
          : trans.__('First error ↓')}
      </button>
      <span role="status" className="jp-BatchJobs-quiet">
        {statusText(find, trans)}
      </span>
    </div>
  );
}

function Step(props: {
  label: string;
  sign: string;
  isOff: boolean;
  onClick: () => void;
}): JSX.Element {
  return (
    <button
      type="button"
      className="jp-BatchJobs-rowButton"
      aria-label={props.label}
      title={props.label}
      disabled={props.isOff}
      onClick={props.onClick}
    >
      {props.sign}
    </button>
  );
}

/** What came of the search: `3 of 17`, or that there is nothing. */
function statusText(find: IFindSnapshot, trans: TranslationBundle): string {
  const { query, match, searched, error } = find;
  if (query === undefined) {
    return '';
  }
  if (error) {
    return errorText(error, trans);
  }
  if (searched !== null) {
    return searched > 0
      ? trans.__('Searched %1…', bytesText(searched))
      : trans.__('Searching…');
  }
  if (!match) {
    return query === null
      ? trans.__('Nothing that looks like an error.')
      : trans.__('Not found.');
  }
  const where = placeText(find, trans);
  return find.hasWrapped ? trans.__('%1, on from the other end', where) : where;
}

function placeText(find: IFindSnapshot, trans: TranslationBundle): string {
  const { all, match, isLeast } = find;
  const place = all?.indexOf(match?.offset ?? -1) ?? -1;
  if (all === null) {
    return trans.__('Found');
  }
  const count = isLeast
    ? trans.__('%1 and more', countText(Math.min(all.length, MOST_COUNTED)))
    : countText(all.length);
  return place < 0
    ? trans.__('One of %1', count)
    : trans.__('%1 of %2', countText(place + 1), count);
}
