import * as React from 'react';

import type { Parameter } from '../../model/parameters';
import { FieldIssues, toneOf, useFieldIssues } from './Field';
import type { IFormHandle } from './formHandle';

/** The notebook's parameters and the values that this job gives them. */
export function ParametersTable(props: {
  form: IFormHandle;
  parameters: readonly Parameter[] | null;
}): JSX.Element | null {
  const { form, parameters } = props;
  const { content, trans } = form;
  if (parameters === null) {
    return null;
  }
  const known = new Set(parameters.map(parameter => parameter.name));
  const others = Object.keys(content.parameters).filter(
    name => !known.has(name)
  );
  if (parameters.length === 0 && others.length === 0) {
    return (
      <p className="jp-BatchJobs-hint">
        {trans.__(
          'This notebook has no parameters: none of its cells is tagged “parameters”.'
        )}
      </p>
    );
  }
  return (
    <table className="jp-BatchJobs-parameters">
      <caption>
        {trans.__('Parameters')}{' '}
        <span>{trans.__('from the cell tagged “parameters”')}</span>
      </caption>
      <thead>
        <tr>
          <th scope="col">{trans.__('name')}</th>
          <th scope="col">{trans.__('value')}</th>
        </tr>
      </thead>
      <tbody>
        {parameters.map(parameter => (
          <ParameterRow
            key={parameter.name}
            form={form}
            name={parameter.name}
            typeHint={parameter.typeHint}
            source={parameter.source}
            comment={parameter.comment}
          />
        ))}
        {others.map(name => (
          <ParameterRow
            key={name}
            form={form}
            name={name}
            typeHint={null}
            source=""
            comment={trans.__('not in this notebook')}
          />
        ))}
      </tbody>
    </table>
  );
}

function ParameterRow(props: {
  form: IFormHandle;
  name: string;
  typeHint: string | null;
  source: string;
  comment: string | null;
}): JSX.Element {
  const { form, name, typeHint, source, comment } = props;
  const { id, issues, control } = useFieldIssues(
    form,
    `spec.task.parameters.${name}`
  );
  return (
    <tr>
      <th scope="row">
        {name}
        {typeHint && <span>: {typeHint}</span>}
        {comment && <div className="jp-BatchJobs-hint">{comment}</div>}
      </th>
      <td className={toneOf(issues)}>
        <input
          {...control}
          type="text"
          className="jp-mod-styled jp-mod-code"
          aria-label={form.trans.__('Value of %1', name)}
          placeholder={source}
          value={form.content.parameters[name] ?? ''}
          spellCheck={false}
          autoComplete="off"
          onChange={event =>
            form.change({
              parameters: withValue(
                form.content.parameters,
                name,
                event.target.value
              )
            })
          }
        />
        <FieldIssues id={id} issues={issues} />
      </td>
    </tr>
  );
}

/** The values with one more; an empty text leaves the notebook's own value. */
function withValue(
  values: Readonly<Record<string, string>>,
  name: string,
  value: string
): Readonly<Record<string, string>> {
  const others = Object.entries(values).filter(([other]) => other !== name);
  return Object.fromEntries(value === '' ? others : [...others, [name, value]]);
}
