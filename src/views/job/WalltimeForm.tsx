import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { JobRow } from '../../model/contract';
import { formatDuration } from '../../model/quantity';
import { readWalltime } from '../../model/walltime';
import { TextField } from '../compose/Field';
import type { IFieldIssue } from '../compose/fieldIssues';
import { presentWalltimeText } from '../text/walltimeText';

/** The name of the one field. */
export const WALLTIME_FIELD = 'walltime_seconds';

export interface IWalltimeFormProps {
  /** The jobs that are to have another time limit. */
  rows: readonly JobRow[];
  text: string;
  /** What is typed is no time limit, and that is to be said. */
  isWrong: boolean;
  onChange: (text: string) => void;
  trans: TranslationBundle;
}

/** Asks for another time limit. */
export function WalltimeForm(props: IWalltimeFormProps): JSX.Element {
  const { rows, text, isWrong, trans } = props;
  const issue: IFieldIssue = {
    field: WALLTIME_FIELD,
    severity: 'error',
    text: trans.__('A time, such as %1 or %2.', '90m', '1-12:00'),
    isMissing: false,
    isRefusal: false,
    isOld: false
  };
  const seconds = readWalltime(text);
  const hint =
    seconds === null
      ? trans.__('Such as %1 or %2', '90m', '1-12:00')
      : trans.__('Read as %1', formatDuration(seconds, 4));
  return (
    <div className="jp-BatchJobs-resubmit">
      <p>{presentWalltimeText(rows, trans)}</p>
      <TextField
        form={{
          issuesAt: () => (isWrong ? [issue] : []),
          visit: () => undefined
        }}
        field={WALLTIME_FIELD}
        label={trans.__('Time limit')}
        autoFocus
        value={text}
        onChange={props.onChange}
        hint={isWrong ? undefined : hint}
      />
    </div>
  );
}
