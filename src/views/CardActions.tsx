import * as React from 'react';

/** Something that can be done with what a card shows. */
export type CardAction<Shown> = [
  label: string,
  isPossible: boolean,
  run: (shown: Shown) => void
];

/** What can be done now with what a card shows. */
export function CardActions<Shown>(props: {
  shown: Shown;
  actions: readonly CardAction<Shown>[];
}): JSX.Element {
  return (
    <span className="jp-BatchJobs-headActions">
      {props.actions
        .filter(([, isPossible]) => isPossible)
        .map(([label, , run]) => (
          <button
            key={label}
            type="button"
            className="jp-BatchJobs-link"
            onClick={() => run(props.shown)}
          >
            {label}
          </button>
        ))}
    </span>
  );
}
