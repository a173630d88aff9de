import * as React from 'react';

import { optionOf } from '../../model/clusterForm';
import type { OptionName } from '../../model/clusterForm';
import { TextField } from '../compose/Field';
import type { IFieldHandle } from '../compose/formHandle';
import type { IClusterFormProps } from './ClusterForm';
import { optionHint } from '../text/clusterOfferText';

/** What each worker is, as far as its gateway lets one choose. */
export function OptionFields(
  props: IClusterFormProps & { form: IFieldHandle }
): JSX.Element {
  const { form, state, pythons, trans } = props;
  const { offer, texts } = state;
  const fieldOf = (name: OptionName, label: string): JSX.Element | null => {
    const option = optionOf(offer, name);
    return (
      option && (
        <TextField
          form={form}
          field={`spec.options.${name}`}
          label={label}
          isCode={name === 'python'}
          list={name === 'python' ? pythons : undefined}
          value={texts.options[name]}
          hint={optionHint(name, option, trans)}
          onChange={text =>
            props.onChange({ options: { ...texts.options, [name]: text } })
          }
        />
      )
    );
  };
  return (
    <>
      <div className="jp-BatchJobs-fields">
        {fieldOf('worker_cores', trans.__('Cores of each worker'))}
        {fieldOf('worker_memory_bytes', trans.__('Memory of each worker'))}
      </div>
      {fieldOf('python', trans.__('Python'))}
    </>
  );
}
