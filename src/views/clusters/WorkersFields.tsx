import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { WorkersTexts } from '../../model/clusterForm';
import { TextField } from '../compose/Field';
import type { IFieldHandle } from '../compose/formHandle';
import { Segments } from '../compose/Segments';

/** How many workers: a number, or as many as the work asks, between two. */
export function WorkersFields(props: {
  form: IFieldHandle;
  /** Before the names of the fields. */
  prefix: string;
  texts: WorkersTexts;
  canAdapt: boolean;
  hint?: string;
  onChange: (changes: Partial<WorkersTexts>) => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { form, prefix, texts, hint, onChange, trans } = props;
  return (
    <>
      {(props.canAdapt || texts.kind === 'adaptive') && (
        <Segments
          label={trans.__('How many workers')}
          value={texts.kind}
          options={[
            { value: 'fixed', title: trans.__('Always as many') },
            { value: 'adaptive', title: trans.__('As the work asks') }
          ]}
          onChange={kind => onChange({ kind })}
        />
      )}
      <div className="jp-BatchJobs-fields">
        {texts.kind === 'fixed' ? (
          <TextField
            form={form}
            field={`${prefix}count`}
            label={trans.__('Workers')}
            value={texts.count}
            hint={hint}
            onChange={count => onChange({ count })}
          />
        ) : (
          <>
            <TextField
              form={form}
              field={`${prefix}minimum`}
              label={trans.__('At least')}
              value={texts.minimum}
              onChange={minimum => onChange({ minimum })}
            />
            <TextField
              form={form}
              field={`${prefix}maximum`}
              label={trans.__('At most')}
              value={texts.maximum}
              hint={hint}
              onChange={maximum => onChange({ maximum })}
            />
          </>
        )}
      </div>
    </>
  );
}
