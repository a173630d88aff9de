import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Gateway, Queue } from '../../model/contract';
import { SEPARATOR } from '../jobs/rowText';
import { bytesText } from '../text/quantityText';
import { countText, durationText } from '../text/timeText';
import { SelectField } from './Field';
import type { IFormHandle } from './formHandle';
import { PlacementFields } from './PlacementFields';

/** Where to run: the gateway, and its queue and account where it has them. */
export function WhereSection(props: {
  form: IFormHandle;
  gateways: readonly Gateway[];
}): JSX.Element {
  const { form, gateways } = props;
  const { content, trans } = form;
  const gateway = gateways.find(({ id }) => id === content.gateway_id);
  return (
    <section>
      <h3>{trans.__('Where')}</h3>
      <div className="jp-BatchJobs-fields">
        <SelectField
          form={form}
          field="gateway_id"
          label={trans.__('Gateway')}
          value={content.gateway_id}
          options={gateways.map(({ id, title }) => ({ value: id, title }))}
          hint={gateway && gatewayText(gateway, trans)}
          onChange={gateway_id =>
            form.change({
              gateway_id,
              queue: '',
              account: '',
              qos: '',
              reservation: '',
              features: '',
              native: '',
              depends_on: []
            })
          }
        />
        {gateway && gateway.queues.length > 0 && (
          <QueueField form={form} queues={gateway.queues} />
        )}
        {gateway && gateway.accounts.length > 0 && (
          <SelectField
            form={form}
            field="spec.placement.account"
            label={trans.__('Account')}
            value={content.account}
            options={[
              {
                value: '',
                title: gateway.site.default_account
                  ? trans.__('Default (%1)', gateway.site.default_account)
                  : trans.__('Your default account')
              },
              ...gateway.accounts.map(name => ({ value: name, title: name }))
            ]}
            onChange={account => form.change({ account })}
          />
        )}
        <PlacementFields
          form={form}
          gateway={gateway}
          queue={gateway?.queues.find(({ name, default: isDefault }) =>
            content.queue ? name === content.queue : isDefault
          )}
        />
      </div>
    </section>
  );
}

function QueueField(props: {
  form: IFormHandle;
  queues: readonly Queue[];
}): JSX.Element {
  const { form, queues } = props;
  const { content, trans } = form;
  const standard = queues.find(queue => queue.default);
  const chosen = content.queue
    ? queues.find(queue => queue.name === content.queue)
    : standard;
  return (
    <SelectField
      form={form}
      field="spec.placement.queue"
      label={trans.__('Queue')}
      value={content.queue}
      options={[
        {
          value: '',
          title: standard
            ? trans.__('Default (%1)', standard.title)
            : trans.__('Default')
        },
        ...queues.map(({ name, title }) => ({ value: name, title }))
      ]}
      hint={chosen && queueText(chosen, trans)}
      onChange={queue => form.change({ queue })}
    />
  );
}

/** What a queue has: `5 d · 128 cores · 480 GB`. */
function queueText(queue: Queue, trans: TranslationBundle): string {
  const { max_walltime_seconds, max_cores, max_memory_bytes } = queue;
  return [
    max_walltime_seconds === null ? '' : durationText(max_walltime_seconds),
    max_cores === null
      ? ''
      : trans._n('%2 core', '%2 cores', max_cores, countText(max_cores)),
    max_memory_bytes === null ? '' : bytesText(max_memory_bytes)
  ]
    .filter(Boolean)
    .join(SEPARATOR);
}

/** What jobs of a gateway outlive, and how many wait there. */
function gatewayText(gateway: Gateway, trans: TranslationBundle): string {
  const { jobs_waiting: count } = gateway.site;
  const waiting = count === null ? '' : waitingText(count, trans);
  return [survivesText(gateway, trans), waiting].filter(Boolean).join(' ');
}

function waitingText(count: number, trans: TranslationBundle): string {
  return count === 0
    ? trans.__('No job waits there now, of any user.')
    : trans._n(
        '%2 job waits there now, of all users.',
        '%2 jobs wait there now, of all users.',
        count,
        countText(count)
      );
}

/** What jobs of a gateway outlive. */
function survivesText(gateway: Gateway, trans: TranslationBundle): string {
  if (!gateway.survives.server_restart) {
    return trans.__('Jobs end with the Jupyter server.');
  }
  return gateway.survives.reboot
    ? trans.__('Jobs go on without the Jupyter server.')
    : trans.__(
        'Jobs go on without the Jupyter server, but end when its machine restarts.'
      );
}
