import { closeIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { Gateway } from '../../model/contract';
import type { VariableText } from '../../model/form';
import { AfterSection } from './AfterSection';
import type { JobChoice } from './AfterSection';
import { ArraySection } from './ArraySection';
import { EnvironmentFields, environmentText } from './EnvironmentFields';
import { FieldIssues, TextField, toneOf, useFieldIssues } from './Field';
import type { IFormHandle } from './formHandle';
import { LogFields } from './LogFields';
import { SpreadSection } from './SpreadSection';

/** What most jobs leave as it is. */
export function FoldedSections(props: {
  form: IFormHandle;
  gateway: Gateway | undefined;
  /** Jobs on the same gateway. */
  choices: readonly JobChoice[];
}): JSX.Element {
  const { content, trans } = props.form;
  return (
    <>
      <ArraySection form={props.form} gateway={props.gateway} />
      <SpreadSection form={props.form} gateway={props.gateway} />
      <AfterSection {...props} />
      <details className="jp-BatchJobs-fold">
        <summary>
          {trans.__('Environment')}{' '}
          <span>{environmentText(content, trans)}</span>
        </summary>
        <EnvironmentFields form={props.form} gateway={props.gateway} />
        <ProgramField form={props.form} />
        <VariablesTable form={props.form} />
      </details>
      <details className="jp-BatchJobs-fold">
        <summary>
          {trans.__('Files')}{' '}
          <span>
            {content.working_directory || trans.__('default folders')}
          </span>
        </summary>
        <FilesFields form={props.form} />
      </details>
      <details className="jp-BatchJobs-fold">
        <summary>
          {trans.__('Tags')} <span>{content.tags.slice(0, 100)}</span>
        </summary>
        <TextField
          form={props.form}
          field="spec.tags"
          label={trans.__('Tags')}
          placeholder={trans.__('lens, project=rubin')}
          value={content.tags}
          hint={trans.__(
            'Jobs are found by them: tag:lens in the filter. The batch system does not see them.'
          )}
          onChange={tags => props.form.change({ tags })}
        />
      </details>
    </>
  );
}

/** What runs the notebook or the script. */
function ProgramField(props: { form: IFormHandle }): JSX.Element | null {
  const { form } = props;
  const { content, trans } = form;
  switch (content.kind) {
    case 'notebook':
      return (
        <TextField
          form={form}
          field="spec.task.kernel_name"
          label={trans.__('Kernel')}
          placeholder={trans.__('the notebook’s own')}
          value={content.kernel_name}
          onChange={kernel_name => form.change({ kernel_name })}
        />
      );
    case 'script':
      return (
        <TextField
          form={form}
          field="spec.task.interpreter"
          label={trans.__('Interpreter')}
          placeholder={trans.__('by the first line or the ending')}
          isCode
          value={content.interpreter}
          onChange={interpreter => form.change({ interpreter })}
        />
      );
    case 'command':
      return null;
  }
}

function FilesFields(props: { form: IFormHandle }): JSX.Element {
  const { form } = props;
  const { content, trans } = form;
  return (
    <>
      <TextField
        form={form}
        field="spec.files.working_directory"
        label={trans.__('Working directory')}
        placeholder={
          content.kind === 'command'
            ? trans.__('the folder that JupyterLab shows')
            : trans.__('the folder of the file')
        }
        isCode
        value={content.working_directory}
        onChange={working_directory => form.change({ working_directory })}
      />
      <TextField
        form={form}
        field="spec.files.outputs"
        label={trans.__('Outputs')}
        placeholder={trans.__('chains/*.fits "best fit.json"')}
        isCode
        value={content.outputs}
        hint={trans.__(
          'Files that it is to leave, from the working directory on: they open from the job when it is over.'
        )}
        onChange={outputs => form.change({ outputs })}
      />
      <LogFields form={form} />
      {content.kind === 'notebook' && (
        <TextField
          form={form}
          field="spec.task.output_path"
          label={trans.__('Output notebook')}
          placeholder={trans.__('in the run directory')}
          isCode
          value={content.output_path}
          onChange={output_path => form.change({ output_path })}
        />
      )}
    </>
  );
}

function VariablesTable(props: { form: IFormHandle }): JSX.Element {
  const { form } = props;
  const { content, trans } = form;
  const set = (variables: readonly VariableText[]): void =>
    form.change({ variables });
  return (
    <div className="jp-BatchJobs-variables">
      {content.variables.map((variable, index) => (
        <VariableRow
          // A row has no name of its own while its name is typed.
          key={index}
          form={form}
          variable={variable}
          onChange={changed =>
            set(
              content.variables.map((other, at) =>
                at === index ? changed : other
              )
            )
          }
          onRemove={() =>
            set(content.variables.filter((_, at) => at !== index))
          }
        />
      ))}
      <button
        type="button"
        className="jp-BatchJobs-link"
        onClick={() =>
          set([
            ...content.variables,
            { name: '', value: '', isFromFile: false }
          ])
        }
      >
        {trans.__('Add variable')}
      </button>
    </div>
  );
}

interface IVariableProps {
  form: IFormHandle;
  variable: VariableText;
  onChange: (variable: VariableText) => void;
}

/** Whether the value is typed here or read from a file, so that a secret need not be typed. */
function SourceOfVariable(props: IVariableProps): JSX.Element {
  const { variable } = props;
  const { trans } = props.form;
  return (
    <div className="jp-select-wrapper">
      <select
        className="jp-mod-styled"
        aria-label={trans.__('Where the value of %1 is', variable.name)}
        value={variable.isFromFile ? 'file' : 'here'}
        onChange={event =>
          props.onChange({
            ...variable,
            value: '',
            isFromFile: event.target.value === 'file'
          })
        }
      >
        <option value="here">{trans.__('is')}</option>
        <option value="file">{trans.__('is in file')}</option>
      </select>
    </div>
  );
}

function VariableRow(
  props: IVariableProps & { onRemove: () => void }
): JSX.Element {
  const { form, variable } = props;
  const { trans } = form;
  const { id, issues, control } = useFieldIssues(
    form,
    `spec.environment.variables.${variable.name}`
  );
  return (
    <div className={`jp-BatchJobs-variable ${toneOf(issues)}`}>
      <input
        {...control}
        type="text"
        className="jp-mod-styled jp-mod-code"
        aria-label={trans.__('Name of the variable')}
        placeholder={trans.__('NAME')}
        value={variable.name}
        spellCheck={false}
        onChange={event =>
          props.onChange({ ...variable, name: event.target.value })
        }
      />
      <SourceOfVariable {...props} />
      <input
        type="text"
        className="jp-mod-styled jp-mod-code"
        aria-label={
          variable.isFromFile
            ? trans.__('File of %1', variable.name)
            : trans.__('Value of %1', variable.name)
        }
        placeholder={
          variable.isFromFile ? trans.__('path of a file') : trans.__('value')
        }
        value={variable.value}
        spellCheck={false}
        aria-invalid={control['aria-invalid']}
        aria-describedby={control['aria-describedby']}
        onBlur={control.onBlur}
        onChange={event =>
          props.onChange({ ...variable, value: event.target.value })
        }
      />
      <button
        type="button"
        className="jp-BatchJobs-rowButton"
        aria-label={trans.__('Remove %1', variable.name)}
        title={trans.__('Remove %1', variable.name)}
        onClick={props.onRemove}
      >
        <closeIcon.react tag="span" />
      </button>
      <FieldIssues id={id} issues={issues} />
    </div>
  );
}
