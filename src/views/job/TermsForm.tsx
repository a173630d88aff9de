import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { ChangeableField, JobRow } from '../../model/contract';
import type { TermTexts } from '../../model/terms';
import { TextField } from '../compose/Field';
import type { IFieldIssue } from '../compose/fieldIssues';
import {
  presentWalltimeText,
  termHint,
  termLabel,
  wrongTermText
} from '../text/termsText';

export interface ITermsFormProps {
  /** The jobs that are to have other terms. */
  rows: readonly JobRow[];
  /** What can be different. */
  fields: readonly ChangeableField[];
  texts: TermTexts;
  /** What is typed there means nothing, and that is to be said. */
  wrong: readonly ChangeableField[];
  onChange: (changes: Partial<TermTexts>) => void;
  trans: TranslationBundle;
}

/** Asks what is to be different; what is left empty stays. */
export function TermsForm(props: ITermsFormProps): JSX.Element {
  const { rows, fields, texts, wrong, trans } = props;
  const issuesAt = (field: string): IFieldIssue[] =>
    wrong
      .filter(one => one === field)
      .map(one => ({
        field: one,
        severity: 'error',
        text: wrongTermText(one, texts[one], trans),
        isMissing: false,
        isRefusal: false,
        isOld: false
      }));
  return (
    <div className="jp-BatchJobs-resubmit jp-BatchJobs-form">
      {fields.includes('walltime_seconds') && (
        <p>{presentWalltimeText(rows, trans)}</p>
      )}
      {fields.length > 1 && <p>{trans.__('What is left empty stays.')}</p>}
      {fields.map((field, index) => (
        <TextField
          key={field}
          form={{ issuesAt, visit: () => undefined }}
          field={field}
          label={termLabel(field, trans)}
          autoFocus={index === 0}
          value={texts[field]}
          onChange={text => props.onChange({ [field]: text })}
          hint={termHint(field, texts[field], trans)}
        />
      ))}
    </div>
  );
}
