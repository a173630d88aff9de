import { closeIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { FormContent, TaskKind } from '../../model/form';
import type { IFormHandle } from './formHandle';
import { ParameterRow } from './ParameterRow';
import { ParametersHead } from './ParametersTable';
import { TasksLine } from './TasksLine';

type Varied = FormContent['varied'];

/** What varies from task to task of a script or a command, under names that the user gives. */
export function VariedTable(props: { form: IFormHandle }): JSX.Element {
  const { form } = props;
  const { content, trans } = form;
  const { varied } = content;
  const put = (at: number, changes: Partial<Varied[number]>): void =>
    form.change({
      varied: varied.map((one, place) =>
        place === at ? { ...one, ...changes } : one
      )
    });
  return (
    <>
      {varied.length > 0 && (
        <table className="jp-BatchJobs-parameters">
          <caption>
            {trans.__('Parameters')}{' '}
            <span>{placeText(content.kind, trans)}</span>
          </caption>
          <ParametersHead form={form} />
          <tbody>
            {varied.map(({ name, value }, at) => (
              <ParameterRow
                // A row has no name of its own while its name is typed.
                key={at}
                form={form}
                name={name}
                value={value}
                placeholder="0..99"
                onChange={changed => put(at, { value: changed })}
              >
                <NameCell
                  form={form}
                  name={name}
                  onChange={changed => put(at, { name: changed })}
                  onRemove={() =>
                    form.change({
                      varied: varied.filter((_, place) => place !== at)
                    })
                  }
                />
              </ParameterRow>
            ))}
          </tbody>
        </table>
      )}
      <TasksLine form={form} />
      <button
        type="button"
        className="jp-BatchJobs-link"
        onClick={() =>
          form.change({ varied: [...varied, { name: '', value: '' }] })
        }
      >
        {trans.__('Add parameter that varies from task to task')}
      </button>
    </>
  );
}

function NameCell(props: {
  form: IFormHandle;
  name: string;
  onChange: (name: string) => void;
  onRemove: () => void;
}): JSX.Element {
  const { name } = props;
  const { trans } = props.form;
  return (
    <div className="jp-BatchJobs-value">
      <input
        type="text"
        className="jp-mod-styled jp-mod-code"
        aria-label={trans.__('Name of the parameter')}
        placeholder={trans.__('name')}
        value={name}
        spellCheck={false}
        autoComplete="off"
        onChange={event => props.onChange(event.target.value)}
      />
      <button
        type="button"
        className="jp-BatchJobs-rowButton"
        aria-label={trans.__('Remove %1', name)}
        title={trans.__('Remove %1', name)}
        onClick={props.onRemove}
      >
        <closeIcon.react tag="span" />
      </button>
    </div>
  );
}

/** Where a task finds its values. */
function placeText(kind: TaskKind, trans: IFormHandle['trans']): string {
  return kind === 'command'
    ? trans.__('in place of {name} in the command, and as BATCH_PARAM_NAME')
    : trans.__('in place of {name} in the arguments, and as BATCH_PARAM_NAME');
}
