import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Gateway, OptionalField, Queue, Site } from '../../model/contract';
import { SEPARATOR } from '../jobs/rowText';
import { countText, durationText, exactTimeText } from '../text/timeText';
import { MomentField, SelectField, TextField } from './Field';
import type { IFormHandle } from './formHandle';

/** Whether a field is drawn: where the gateway honours it, or something stands in it already. */
export function isOffered(
  gateway: Gateway | undefined,
  field: OptionalField,
  text: string
): boolean {
  return text !== '' || (gateway?.site.accepts.includes(field) ?? false);
}

/** Quality of service, reservation, begin, features and native options, as far as the gateway honours them. */
export function PlacementFields(props: {
  form: IFormHandle;
  gateway: Gateway | undefined;
  /** The chosen one, or that which is chosen by itself. */
  queue: Queue | undefined;
}): JSX.Element {
  const { form, gateway } = props;
  const { content, trans } = form;
  return (
    <>
      {isOffered(gateway, 'placement.qos', content.qos) && (
        <QosField {...props} />
      )}
      {isOffered(gateway, 'placement.reservation', content.reservation) && (
        <ReservationField {...props} />
      )}
      {isOffered(gateway, 'placement.begin_at', content.begin_at) && (
        <MomentField
          form={form}
          field="spec.placement.begin_at"
          label={trans.__('Begin at')}
          value={content.begin_at}
          onChange={begin_at => form.change({ begin_at })}
        />
      )}
      {isOffered(gateway, 'placement.features', content.features) && (
        <TextField
          form={form}
          field="spec.placement.features"
          label={trans.__('Features')}
          list={props.queue?.features ?? gateway?.site.features}
          placeholder={trans.__('any node')}
          value={content.features}
          onChange={features => form.change({ features })}
        />
      )}
      {(content.native !== '' || (gateway?.site.native ?? []).length > 0) && (
        <TextField
          form={form}
          field="spec.native"
          label={trans.__('Options of the batch system')}
          isCode
          placeholder={trans.__('none')}
          value={content.native}
          hint={trans.__('Passed on as they are, such as mail-type=END.')}
          onChange={native => form.change({ native })}
        />
      )}
    </>
  );
}

function QosField(props: {
  form: IFormHandle;
  gateway: Gateway | undefined;
  queue: Queue | undefined;
}): JSX.Element {
  const { form, gateway, queue } = props;
  const { content, trans } = form;
  const all = gateway?.site.qos ?? [];
  const allowed = all.filter(
    ({ name, accounts }) =>
      (queue?.qos?.includes(name) ?? true) &&
      (content.account === '' ||
        accounts.length === 0 ||
        accounts.includes(content.account))
  );
  const chosen = all.find(({ name }) => name === content.qos);
  const seconds = chosen?.max_walltime_seconds ?? null;
  return (
    <SelectField
      form={form}
      field="spec.placement.qos"
      label={trans.__('Quality of service')}
      value={content.qos}
      options={[
        { value: '', title: trans.__('Default') },
        ...allowed.map(({ name, title }) => ({ value: name, title }))
      ]}
      hint={
        seconds === null
          ? undefined
          : trans.__('At most %1.', durationText(seconds))
      }
      onChange={qos => form.change({ qos })}
    />
  );
}

function ReservationField(props: {
  form: IFormHandle;
  gateway: Gateway | undefined;
}): JSX.Element {
  const { form, gateway } = props;
  const { content, trans } = form;
  const reservations = gateway?.site.reservations ?? [];
  const chosen = reservations.find(({ name }) => name === content.reservation);
  return (
    <SelectField
      form={form}
      field="spec.placement.reservation"
      label={trans.__('Reservation')}
      value={content.reservation}
      options={[
        { value: '', title: trans.__('None') },
        ...reservations.map(({ name }) => ({ value: name, title: name }))
      ]}
      hint={chosen && reservationText(chosen, trans)}
      onChange={reservation => form.change({ reservation })}
    />
  );
}

function reservationText(
  { starts_at, ends_at, cores }: Site['reservations'][number],
  trans: TranslationBundle
): string {
  return [
    starts_at === null ? '' : trans.__('from %1', exactTimeText(starts_at)),
    ends_at === null ? '' : trans.__('until %1', exactTimeText(ends_at)),
    cores === null
      ? ''
      : trans._n('%2 core', '%2 cores', cores, countText(cores))
  ]
    .filter(Boolean)
    .join(SEPARATOR);
}
