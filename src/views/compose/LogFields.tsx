import * as React from 'react';

import { TextField } from './Field';
import type { IFormHandle } from './formHandle';

/** Where what the job says goes. */
export function LogFields(props: { form: IFormHandle }): JSX.Element {
  const { form } = props;
  const { content, trans } = form;
  const isArray = form.tasks.count !== null;
  return (
    <>
      <TextField
        form={form}
        field="spec.files.stdout_path"
        label={trans.__('Output log')}
        placeholder={trans.__('in the run directory')}
        isCode
        value={content.stdout_path}
        hint={
          isArray
            ? trans.__(
                '%1 stands for the index of a task, %2 for the id that the batch system gives the array.',
                '{index}',
                '{native_id}'
              )
            : trans.__(
                '%1 stands for the id that the batch system gives the job.',
                '{native_id}'
              )
        }
        onChange={stdout_path => form.change({ stdout_path })}
      />
      <TextField
        form={form}
        field="spec.files.stderr_path"
        label={trans.__('Error log')}
        placeholder={trans.__('in the run directory')}
        isCode
        value={content.stderr_path}
        onChange={stderr_path => form.change({ stderr_path })}
      />
    </>
  );
}
