import * as React from 'react';

/** A box to tick, with its words. */
export function Check(props: {
  className?: string;
  label: string;
  isChecked: boolean;
  onChange: (isChecked: boolean) => void;
}): JSX.Element {
  return (
    <label className={props.className ?? 'jp-BatchJobs-check'}>
      <input
        type="checkbox"
        checked={props.isChecked}
        onChange={event => props.onChange(event.target.checked)}
      />
      {props.label}
    </label>
  );
}
