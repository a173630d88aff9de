import * as React from 'react';

import type { TaskKind } from '../../model/form';
import type { Parameter } from '../../model/parameters';
import { CodeField, TextField } from './Field';
import { changesOfPath } from './formHandle';
import type { IFormHandle } from './formHandle';
import { ParametersTable } from './ParametersTable';
import { Segments } from './Segments';
import { VariedTable } from './VariedTable';

/** What to run: a notebook, a script or a command. */
export function WhatSection(props: {
  form: IFormHandle;
  /** Of the notebook; null while they are not known. */
  parameters: readonly Parameter[] | null;
}): JSX.Element {
  const { form } = props;
  const { content, trans } = form;
  const kinds: readonly { value: TaskKind; title: string }[] = [
    { value: 'notebook', title: trans.__('Notebook') },
    { value: 'script', title: trans.__('Script') },
    { value: 'command', title: trans.__('Command') }
  ];
  return (
    <section>
      <h3>{trans.__('What to run')}</h3>
      <Segments
        label={trans.__('What to run')}
        value={content.kind}
        options={kinds}
        onChange={kind => form.change({ kind })}
      />
      <div className="jp-BatchJobs-fields jp-mod-wideFirst">
        <TaskField form={form} />
        <TextField
          form={form}
          field="spec.name"
          label={trans.__('Name')}
          value={content.name}
          onChange={name => form.change({ name })}
        />
      </div>
      {content.kind === 'notebook' && (
        <ParametersTable form={form} parameters={props.parameters} />
      )}
      {content.kind === 'script' && (
        <TextField
          form={form}
          field="spec.task.arguments"
          label={trans.__('Arguments')}
          isCode
          value={content.arguments}
          hint={trans.__('Quoted as in a terminal; nothing is expanded.')}
          onChange={value => form.change({ arguments: value })}
        />
      )}
      {content.kind !== 'notebook' && <VariedTable form={form} />}
    </section>
  );
}

function TaskField(props: { form: IFormHandle }): JSX.Element {
  const { form } = props;
  const { content, trans } = form;
  const path = {
    form,
    field: 'spec.task.path',
    isCode: true,
    value: content.path,
    onChange: (value: string) => form.change(changesOfPath(content, value))
  };
  switch (content.kind) {
    case 'notebook':
      return (
        <TextField
          {...path}
          label={trans.__('Notebook')}
          hint={trans.__(
            'The notebook is copied when you submit; modules and data that it reads are not.'
          )}
        />
      );
    case 'script':
      return (
        <TextField
          {...path}
          label={trans.__('Script')}
          hint={trans.__(
            'The script is copied when you submit; modules and data that it reads are not.'
          )}
        />
      );
    case 'command':
      return (
        <CodeField
          form={form}
          field="spec.task.argv"
          label={trans.__('Command')}
          value={content.command}
          hint={trans.__(
            'A program and its arguments, quoted as in a terminal; no shell reads them.'
          )}
          onChange={command => form.change({ command })}
        />
      );
  }
}
