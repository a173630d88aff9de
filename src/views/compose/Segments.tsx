import * as React from 'react';

/** A choice of one among few, all in sight. */
export function Segments<T extends string>(props: {
  label: string;
  value: T;
  options: readonly { value: T; title: string }[];
  onChange: (value: T) => void;
}): JSX.Element {
  const name = React.useId();
  return (
    <div
      role="radiogroup"
      aria-label={props.label}
      className="jp-BatchJobs-segments"
    >
      {props.options.map(option => (
        <label
          key={option.value}
          className={option.value === props.value ? 'jp-mod-active' : ''}
        >
          <input
            type="radio"
            name={name}
            checked={option.value === props.value}
            onChange={() => props.onChange(option.value)}
          />
          {option.title}
        </label>
      ))}
    </div>
  );
}
