import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Gateway } from '../../model/contract';
import type { FormContent } from '../../model/form';
import { isEnvironmentKind } from '../../model/formEnvironment';
import type { EnvironmentKind } from '../../model/formEnvironment';
import { SEPARATOR } from '../jobs/rowText';
import { SelectField, TextField } from './Field';
import type { IFormHandle } from './formHandle';
import { isOffered } from './PlacementFields';

/** What is set up before the job starts, as far as the gateway can and the job has use for it. */
export function EnvironmentFields(props: {
  form: IFormHandle;
  gateway: Gateway | undefined;
}): JSX.Element | null {
  const { form, gateway } = props;
  const { content, trans } = form;
  const { environment_kind: chosen } = content;
  const kinds = (['modules', 'conda', 'python', 'image'] as const).filter(
    kind => chosen === kind || isOffered(gateway, `environment.${kind}`, '')
  );
  if (kinds.length === 0) {
    return null;
  }
  const offered: readonly EnvironmentKind[] = ['inherit', ...kinds];
  return (
    <div className="jp-BatchJobs-fields">
      <SelectField
        form={form}
        field="spec.environment.kind"
        label={trans.__('Environment')}
        value={chosen}
        options={offered.map(kind => ({
          value: kind,
          title: kindText(kind, trans)
        }))}
        onChange={kind =>
          isEnvironmentKind(kind) &&
          form.change({ environment_kind: kind, environment: '' })
        }
      />
      <WhichField form={form} />
    </div>
  );
}

/** Which modules, conda environment, Python or image. */
function WhichField(props: { form: IFormHandle }): JSX.Element | null {
  const { form } = props;
  const { content, trans } = form;
  const field = {
    form,
    isCode: true,
    value: content.environment,
    onChange: (environment: string) => form.change({ environment })
  };
  switch (content.environment_kind) {
    case 'inherit':
      return null;
    case 'modules':
      return (
        <TextField
          {...field}
          field="spec.environment.names"
          label={trans.__('Modules')}
          placeholder={trans.__('gcc/12.2 openmpi')}
          hint={trans.__('Loaded in this order where the job runs.')}
        />
      );
    case 'conda':
      return (
        <TextField
          {...field}
          field="spec.environment.name"
          label={trans.__('Conda environment')}
          hint={trans.__('Its name, or its folder.')}
        />
      );
    case 'python':
      return (
        <TextField
          {...field}
          field="spec.environment.path"
          label={trans.__('Python')}
          hint={trans.__(
            'An interpreter, or the folder of a virtual environment.'
          )}
        />
      );
    case 'image':
      return (
        <TextField
          {...field}
          field="spec.environment.name"
          label={trans.__('Container image')}
          placeholder={trans.__('tools.sif')}
          hint={trans.__('A file, or a name such as docker://python:3.12.')}
        />
      );
  }
}

function kindText(kind: EnvironmentKind, trans: TranslationBundle): string {
  switch (kind) {
    case 'inherit':
      return trans.__('As on this server');
    case 'modules':
      return trans.__('Modules');
    case 'conda':
      return trans.__('Conda');
    case 'python':
      return trans.__('A Python of your own');
    case 'image':
      return trans.__('Container image');
  }
}

/** What stands beside the fold: the environment, and how many variables. */
export function environmentText(
  content: FormContent,
  trans: TranslationBundle
): string {
  const count = content.variables.length;
  const kind =
    content.environment_kind === 'inherit'
      ? ''
      : `${kindText(content.environment_kind, trans)} ${content.environment}`;
  const variables =
    count > 0 ? trans._n('%1 variable', '%1 variables', count) : '';
  return (
    [kind.trim(), variables].filter(Boolean).join(SEPARATOR) ||
    trans.__('as on this server')
  );
}
