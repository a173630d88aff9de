import * as React from 'react';

const TAIL_LENGTH = 8;

/** A text of one line that is shortened in its middle where there is no room for it. */
export function MiddleCut(props: { text: string }): JSX.Element {
  const characters = Array.from(props.text);
  const cut = Math.max(0, characters.length - TAIL_LENGTH);
  return (
    <span className="jp-BatchJobs-middleCut" title={props.text}>
      {/* Head and tail stand in the order of the text, not in that of the page. */}
      <span dir="auto" className="jp-BatchJobs-middleCutText">
        {/* An empty one would set what stands beside the text lower. */}
        {cut > 0 && (
          <span className="jp-BatchJobs-middleCutHead">
            {characters.slice(0, cut).join('')}
          </span>
        )}
        <span className="jp-BatchJobs-middleCutTail">
          {characters.slice(cut).join('')}
        </span>
      </span>
    </span>
  );
}
