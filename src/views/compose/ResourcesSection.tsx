import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Gateway, Similar } from '../../model/contract';
import { bytesText } from '../text/quantityText';
import { countText, durationText } from '../text/timeText';
import { TextField } from './Field';
import type { IFormHandle } from './formHandle';

/** How much the job may use. */
export function ResourcesSection(props: {
  form: IFormHandle;
  gateway: Gateway | undefined;
  /** What jobs like it used before. */
  similar: Similar | null;
}): JSX.Element {
  const { form, gateway } = props;
  const { content, trans } = form;
  const cores = gateway?.limits.max_cores ?? null;
  const isArray = form.tasks.count !== null;
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
              : trans.__('At most %1.', countText(cores))
          }
          onChange={value => form.change({ cores: value })}
        />
        <TextField
          form={form}
          field="spec.resources.memory_bytes"
          label={trans.__('Memory')}
          value={content.memory}
          hint={sentences(
            memory === null ? '' : trans.__('At most %1.', bytesText(memory)),
            memoryUsedText(props.similar, trans)
          )}
          onChange={value => form.change({ memory: value })}
        />
        <TextField
          form={form}
          field="spec.resources.walltime_seconds"
          label={trans.__('Time limit')}
          value={content.walltime}
          hint={sentences(
            limitText(gateway, isArray, trans),
            timeUsedText(props.similar, trans)
          )}
          onChange={value => form.change({ walltime: value })}
        />
        {(gpus > 0 || content.gpus !== '') && (
          <TextField
            form={form}
            field="spec.resources.gpus"
            label={trans.__('GPUs')}
            placeholder="0"
            value={content.gpus}
            hint={trans.__('At most %1.', countText(gpus))}
            onChange={value => form.change({ gpus: value })}
          />
        )}
      </div>
    </section>
  );
}

function sentences(...texts: readonly string[]): string | undefined {
  return texts.filter(Boolean).join(' ') || undefined;
}

function limitText(
  gateway: Gateway | undefined,
  isArray: boolean,
  trans: TranslationBundle
): string {
  if (!gateway?.capabilities.walltime_limit) {
    return '';
  }
  return isArray
    ? trans.__('Each task is ended after it.')
    : trans.__('The job is ended after it.');
}

/** How long jobs like this one took before. */
function timeUsedText(
  similar: Similar | null,
  trans: TranslationBundle
): string {
  const seconds = similar?.max_elapsed_seconds ?? null;
  if (similar === null || seconds === null) {
    return '';
  }
  return trans._n(
    'The last one like this took %2.',
    'The last %1 like this took %2 at most.',
    similar.jobs,
    durationText(Math.ceil(seconds))
  );
}

/** How much memory jobs like this one used before. */
function memoryUsedText(
  similar: Similar | null,
  trans: TranslationBundle
): string {
  const bytes = similar?.max_memory_bytes ?? null;
  if (similar === null || bytes === null) {
    return '';
  }
  return trans._n(
    'The last one like this used %2.',
    'The last %1 like this used %2 at most.',
    similar.jobs,
    bytesText(bytes)
  );
}
