import { FormComponent } from '@jupyterlab/ui-components';
import type { IFormComponentProps } from '@jupyterlab/ui-components';
import * as React from 'react';

import { optionOf, optionUi } from '../../model/clusterOptions';
import { Check } from '../Check';
import { CodeField, SelectField, TextField } from '../compose/Field';
import type { IFieldProps } from '../compose/Field';
import type { IFieldHandle } from '../compose/formHandle';
import { optionHint, optionLabel } from '../text/clusterOfferText';
import type { IClusterFormProps } from './ClusterForm';

/** What the fields need of the form. RJSF draws them again only where data in it has changed. */
type OptionContext = IClusterFormProps & { form: IFieldHandle };

type PropsOf<T> = T extends React.ComponentType<infer P> ? P : never;
type Widget = NonNullable<IFormComponentProps['widgets']>[string];
type Field = NonNullable<IFormComponentProps['fields']>[string];
type Group = NonNullable<
  NonNullable<IFormComponentProps['templates']>['ObjectFieldTemplate']
>;
type WidgetProps = PropsOf<Widget>;
type FieldProps = PropsOf<Field>;

/** What each worker is, as far as its gateway lets one choose: drawn from the gateway's own schema. */
export function OptionFields(props: OptionContext): JSX.Element {
  const { offer, texts } = props.state;
  return (
    <FormComponent
      key={offer.id}
      tagName="div"
      className="jp-BatchJobs-options"
      schema={offer.options}
      uiSchema={optionUi(offer)}
      formData={texts.options}
      formContext={props}
      fields={FIELDS}
      widgets={WIDGETS}
      templates={TEMPLATES}
      validator={VALIDATOR}
      noValidate
      showErrorList={false}
      onChange={({ formData = {} }) =>
        props.onChange({
          options: Object.fromEntries(
            Object.entries(formData).map(([name, text]) => [name, String(text)])
          )
        })
      }
    />
  );
}

/** What all kinds of fields have in common. */
function fieldProps(
  { schema, formContext }: Pick<WidgetProps, 'schema' | 'formContext'>,
  name: string,
  value: unknown,
  onChange: (text: string) => void
): IFieldProps {
  const { form, trans }: OptionContext = formContext;
  const option = optionOf(name, schema);
  return {
    form,
    field: `spec.options.${name}`,
    label: optionLabel(option, trans),
    value: String(value ?? ''),
    hint: optionHint(option, trans),
    onChange
  };
}

function propsOf(props: WidgetProps): IFieldProps {
  return fieldProps(props, props.name, props.value, props.onChange);
}

const WIDGETS: Record<string, React.FunctionComponent<WidgetProps>> = {
  TextWidget: props => <TextField {...propsOf(props)} />,
  SelectWidget: props => (
    <SelectField
      {...propsOf(props)}
      options={(props.options.enumOptions ?? []).map(({ value, label }) => ({
        value: String(value),
        title: label
      }))}
    />
  ),
  CheckboxWidget: props => (
    <Check
      label={propsOf(props).label}
      isChecked={props.value === 'true'}
      onChange={isChecked => props.onChange(String(isChecked))}
    />
  ),
  // Of texts with this format.
  python: props => {
    const { pythons }: OptionContext = props.formContext;
    return <TextField {...propsOf(props)} isCode list={pythons} />;
  }
};

const FIELDS: Record<string, React.FunctionComponent<FieldProps>> = {
  // A number is kept as it is typed, and read when the form is.
  NumberField: props => <props.registry.fields.StringField {...props} />,
  PairsField: props => {
    // The type of each field is that of the whole form.
    const onChange = (text: string): void => props.onChange(text as never);
    return (
      <CodeField {...fieldProps(props, props.name, props.formData, onChange)} />
    );
  }
};

/** Numbers stand side by side, above what is wide. */
const Options: Group = ({ properties, schema }) => {
  const isNarrow = (name: string): boolean => {
    const { kind } = optionOf(name, schema.properties?.[name]);
    return kind === 'whole' || kind === 'number' || kind === 'bytes';
  };
  const narrow = properties.filter(({ name }) => isNarrow(name));
  const wide = properties.filter(({ name }) => !isNarrow(name));
  return (
    <>
      {narrow.length > 0 && (
        <div className="jp-BatchJobs-fields">
          {narrow.map(({ content }) => content)}
        </div>
      )}
      {wide.map(({ content }) => content)}
    </>
  );
};

const TEMPLATES: IFormComponentProps['templates'] = {
  // Label, hint and what is wrong come with the widget.
  FieldTemplate: ({ children }) => <>{children}</>,
  ObjectFieldTemplate: Options
};

/** The server validates: what it says stands at the fields, so RJSF's own is off. */
const VALIDATOR: IFormComponentProps['validator'] = {
  isValid: () => true,
  validateFormData: () => ({ errors: [], errorSchema: {} }),
  rawValidation: () => ({}),
  toErrorList: () => []
};
