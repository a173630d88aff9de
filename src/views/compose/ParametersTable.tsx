import * as React from 'react';

import type { Parameter } from '../../model/parameters';
import type { IFormHandle } from './formHandle';
import { ParameterRow } from './ParameterRow';
import { TasksLine } from './TasksLine';

/** The notebook's parameters and the values that this job, or each of its tasks, gives them. */
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
    <>
      <table className="jp-BatchJobs-parameters">
        <caption>
          {trans.__('Parameters')}{' '}
          <span>{trans.__('from the cell tagged “parameters”')}</span>
        </caption>
        <ParametersHead form={form} />
        <tbody>
          {parameters.map(parameter => (
            <NotebookRow
              key={parameter.name}
              form={form}
              name={parameter.name}
              typeHint={parameter.typeHint}
              source={parameter.source}
              comment={parameter.comment}
            />
          ))}
          {others.map(name => (
            <NotebookRow
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
      <TasksLine form={form} />
    </>
  );
}

/** What the columns are; how several values are written stands at their head. */
export function ParametersHead(props: { form: IFormHandle }): JSX.Element {
  const { trans } = props.form;
  return (
    <thead>
      <tr>
        <th scope="col">{trans.__('name')}</th>
        <th
          scope="col"
          title={trans.__(
            'One per task: 0..999, 0..10 step 2, "g", "r", "i" or a column, @targets.csv[ra]'
          )}
        >
          {trans.__('value, or one value per task')}
        </th>
        <th scope="col" className="jp-BatchJobs-count">
          {trans.__('tasks')}
        </th>
      </tr>
    </thead>
  );
}

function NotebookRow(props: {
  form: IFormHandle;
  name: string;
  typeHint: string | null;
  source: string;
  comment: string | null;
}): JSX.Element {
  const { form, name, typeHint, comment } = props;
  return (
    <ParameterRow
      form={form}
      name={name}
      value={form.content.parameters[name] ?? ''}
      placeholder={props.source}
      onChange={value =>
        form.change({
          parameters: withValue(form.content.parameters, name, value)
        })
      }
    >
      {name}
      {typeHint && <span>: {typeHint}</span>}
      {comment && <div className="jp-BatchJobs-hint">{comment}</div>}
    </ParameterRow>
  );
}

/** The values with one more; an empty text leaves the notebook's own value. */
function withValue(
  values: Readonly<Record<string, string>>,
  name: string,
  value: string
): Readonly<Record<string, string>> {
  if (value !== '') {
    // A name keeps its place: the last one varies fastest.
    return { ...values, [name]: value };
  }
  return Object.fromEntries(
    Object.entries(values).filter(([other]) => other !== name)
  );
}
