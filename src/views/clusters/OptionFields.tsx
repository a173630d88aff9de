import * as React from 'react';

import { optionsOf } from '../../model/clusterOptions';
import type { IOption } from '../../model/clusterOptions';
import { Check } from '../Check';
import { CodeField, SelectField, TextField } from '../compose/Field';
import type { IFieldHandle } from '../compose/formHandle';
import { optionHint, optionLabel } from '../text/clusterOfferText';
import type { IClusterFormProps } from './ClusterForm';

/** What each worker is, as far as its gateway lets one choose. */
export function OptionFields(
  props: IClusterFormProps & { form: IFieldHandle }
): JSX.Element {
  const options = optionsOf(props.state.offer);
  const narrow = options.filter(isNarrow);
  return (
    <>
      {narrow.length > 0 && (
        <div className="jp-BatchJobs-fields">
          {narrow.map(option => (
            <OptionField key={option.name} {...props} option={option} />
          ))}
        </div>
      )}
      {options
        .filter(option => !isNarrow(option))
        .map(option => (
          <OptionField key={option.name} {...props} option={option} />
        ))}
    </>
  );
}

/** Whether two of them stand side by side. */
function isNarrow({ kind }: IOption): boolean {
  return kind === 'whole' || kind === 'number' || kind === 'bytes';
}

function OptionField(
  props: IClusterFormProps & { form: IFieldHandle; option: IOption }
): JSX.Element {
  const { form, state, option, pythons, trans } = props;
  const { options } = state.texts;
  const common = {
    form,
    field: `spec.options.${option.name}`,
    label: optionLabel(option, trans),
    value: options[option.name] ?? '',
    hint: optionHint(option, trans),
    onChange: (text: string) =>
      props.onChange({ options: { ...options, [option.name]: text } })
  };
  switch (option.kind) {
    case 'choice':
      return (
        <SelectField
          {...common}
          options={option.choices.map(value => ({ value, title: value }))}
        />
      );
    case 'flag':
      return (
        <Check
          label={common.label}
          isChecked={common.value === 'true'}
          onChange={isChecked => common.onChange(String(isChecked))}
        />
      );
    case 'pairs':
      return <CodeField {...common} />;
    case 'python':
      return <TextField {...common} isCode list={pythons} />;
    case 'whole':
    case 'number':
    case 'bytes':
    case 'text':
      return <TextField {...common} />;
  }
}
