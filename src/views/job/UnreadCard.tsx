import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { Notice } from '../jobs/Notices';

/** A card that this page is too old to draw, and what it says as text. */
export function UnreadCard(props: {
  text: string;
  trans: TranslationBundle;
}): JSX.Element {
  const { text, trans } = props;
  return (
    <div className="jp-BatchJobs-jobCard">
      {text && <div className="jp-BatchJobs-cardText">{text}</div>}
      <Notice
        tone="warning"
        text={trans.__(
          'This output was made by a newer version of jupyterlab-batch than this page has. Reload the page to see all of it.'
        )}
      />
    </div>
  );
}
