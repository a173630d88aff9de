import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { countText } from '../text/timeText';

/** Which part of a long list is shown, and the way to the others; nothing if all of it is. */
export function Pages(props: {
  /** So many stand before what is shown. */
  offset: number;
  shown: number;
  total: number;
  /** At most so many are shown at a time. */
  window: number;
  onGoTo: (offset: number) => void;
  trans: TranslationBundle;
}): JSX.Element | null {
  const { offset, shown, total, onGoTo, trans } = props;
  if (total <= shown && offset === 0) {
    return null;
  }
  return (
    <div className="jp-BatchJobs-pages">
      <span role="status">
        {trans.__(
          '%1 to %2 of %3',
          countText(Math.min(offset + 1, total)),
          countText(offset + shown),
          countText(total)
        )}
      </span>
      <button
        type="button"
        className="jp-BatchJobs-link"
        disabled={offset === 0}
        onClick={() => onGoTo(Math.max(0, offset - props.window))}
      >
        {trans.__('Previous')}
      </button>
      <button
        type="button"
        className="jp-BatchJobs-link"
        disabled={offset + shown >= total}
        onClick={() => onGoTo(offset + props.window)}
      >
        {trans.__('Next')}
      </button>
    </div>
  );
}
