import * as React from 'react';

import type { Gateway } from '../../model/contract';
import { formatMemory } from '../../model/quantity';
import { countText } from '../text/timeText';
import { arrayOfForm } from './ArraySection';
import { TextField } from './Field';
import type { IFormHandle } from './formHandle';

/** How much the job may use. */
export function ResourcesSection(props: {
  form: IFormHandle;
  gateway: Gateway | undefined;
}): JSX.Element {
  const { form, gateway } = props;
  const { content, trans } = form;
  const cores = gateway?.limits.max_cores ?? null;
  const isArray = arrayOfForm(content) !== null;
  const gpus = gateway?.limits.max_gpus ?? 0;
  const memory = gateway?.limits.max_memory_bytes ?? null;
  return (
    <section>
      <h3>
        {isArray ? trans.__('Resources for each task') : trans.__('Resources')}
      </h3>
      <div className="jp-BatchJobs-fields">
        <TextField
          form={form}
          field="spec.resources.cores"
          label={trans.__('Cores')}
          value={content.cores}
          hint={
            cores === null
              ? undefined
              : trans.__('At most %1', countText(cores))
          }
          onChange={value => form.change({ cores: value })}
        />
        <TextField
          form={form}
          field="spec.resources.memory_bytes"
          label={trans.__('Memory')}
          value={content.memory}
          hint={
            memory === null
              ? undefined
              : trans.__('At most %1', formatMemory(memory))
          }
          onChange={value => form.change({ memory: value })}
        />
        <TextField
          form={form}
          field="spec.resources.walltime_seconds"
          label={trans.__('Time limit')}
          value={content.walltime}
          hint={
            gateway?.capabilities.walltime_limit
              ? isArray
                ? trans.__('Each task is ended after it.')
                : trans.__('The job is ended after it.')
              : undefined
          }
          onChange={value => form.change({ walltime: value })}
        />
        {(gpus > 0 || content.gpus !== '') && (
          <TextField
            form={form}
            field="spec.resources.gpus"
            label={trans.__('GPUs')}
            placeholder="0"
            value={content.gpus}
            hint={trans.__('At most %1', countText(gpus))}
            onChange={value => form.change({ gpus: value })}
          />
        )}
      </div>
    </section>
  );
}
