import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { parseCores } from '../../model/quantity';

/** The task of an array whose log is shown: typed, and taken by Enter or when the focus leaves. */
export function TaskChooser(props: {
  task: number;
  onTask: (index: number) => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { task, trans } = props;
  const [text, setText] = React.useState(String(task));
  const index = parseCores(text);
  const isWrong = index === null || index < 0;
  React.useEffect(() => setText(String(task)), [task]);
  const take = (): void => {
    if (index !== null && !isWrong && index !== task) {
      props.onTask(index);
    }
  };
  return (
    <label className="jp-BatchJobs-taskChooser">
      {trans.__('Task')}
      <input
        type="text"
        inputMode="numeric"
        className="jp-mod-styled"
        value={text}
        aria-invalid={isWrong}
        onChange={event => setText(event.target.value)}
        onBlur={take}
        onKeyDown={event => {
          if (event.key === 'Enter') {
            take();
          }
        }}
      />
    </label>
  );
}
