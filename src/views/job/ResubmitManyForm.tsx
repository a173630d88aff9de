import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { JobRow } from '../../model/contract';
import type { FormIssue } from '../../model/draft';
import { offerOf } from '../../model/resubmission';
import type { ManyChoice, ManyTexts } from '../../model/resubmission';
import { hasSomeFailed } from '../../model/tasks';
import { TextField } from '../compose/Field';
import { collectIssues, concerns } from '../compose/fieldIssues';
import { countText } from '../text/timeText';
import { Check } from '../Check';

export interface IResubmitManyFormProps {
  /** The jobs that are over. */
  rows: readonly JobRow[];
  /** Which they are, and what comes of them. */
  text: string;
  choice: ManyChoice;
  issues: readonly FormIssue[];
  onChange: (changes: Partial<ManyChoice>) => void;
  trans: TranslationBundle;
}

/** What is to be different when many jobs are run once more. */
export function ResubmitManyForm(props: IResubmitManyFormProps): JSX.Element {
  const { rows, choice, onChange, trans } = props;
  const offered = rows.filter(row => offerOf(row) !== null).length;
  const arrays = rows.filter(hasSomeFailed).length;
  return (
    <div className="jp-BatchJobs-resubmit jp-BatchJobs-form">
      <p>{props.text}</p>
      <Fields {...props} />
      {offered > 0 && (
        <Check
          label={trans._n(
            'Half as much again for the job that ran out of memory or time',
            'Half as much again for the %2 jobs that ran out of memory or time',
            offered,
            countText(offered)
          )}
          isChecked={choice.givesMore}
          onChange={givesMore => onChange({ givesMore })}
        />
      )}
      {arrays > 0 && (
        <Check
          label={trans._n(
            'Of the array, only the tasks that failed',
            'Of the %2 arrays, only the tasks that failed',
            arrays,
            countText(arrays)
          )}
          isChecked={choice.onlyFailed}
          onChange={onlyFailed => onChange({ onlyFailed })}
        />
      )}
      <Check
        label={trans.__('Also where there are warnings')}
        isChecked={choice.anyway}
        onChange={anyway => onChange({ anyway })}
      />
    </div>
  );
}

function Fields(props: IResubmitManyFormProps): JSX.Element {
  const { choice, trans } = props;
  const issues = collectIssues(props.issues, [], trans);
  const fields: readonly [keyof ManyTexts, string, string][] = [
    ['cores', 'spec.resources.cores', trans.__('Cores')],
    ['memory', 'spec.resources.memory_bytes', trans.__('Memory')],
    ['walltime', 'spec.resources.walltime_seconds', trans.__('Time limit')]
  ];
  return (
    <div className="jp-BatchJobs-fields">
      {fields.map(([name, field, label], index) => (
        <TextField
          key={name}
          form={{
            issuesAt: at => issues.filter(issue => concerns(issue, at)),
            visit: () => undefined
          }}
          field={field}
          label={label}
          autoFocus={index === 0}
          value={choice.texts[name]}
          placeholder={trans.__('As each had')}
          onChange={value =>
            props.onChange({ texts: { ...choice.texts, [name]: value } })
          }
        />
      ))}
    </div>
  );
}
