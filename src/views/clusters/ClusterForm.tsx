import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { totalOf } from '../../model/clusterForm';
import type { ClusterTexts } from '../../model/clusterForm';
import type { ClusterOffer, Issue } from '../../model/contract';
import type { FormIssue } from '../../model/formIssue';
import { SelectField, TextField } from '../compose/Field';
import type { IFieldHandle } from '../compose/formHandle';
import { Notice } from '../jobs/Notices';
import {
  blockingField,
  failureText,
  formIssuesOf
} from '../text/clusterFormText';
import { limitHint, totalText } from '../text/clusterOfferText';
import { OptionFields } from './OptionFields';
import { WorkersFields } from './WorkersFields';

/** What the dialog shows. Frozen: a change makes a new one. */
export interface IClusterFormState {
  /** Where one can be started. */
  readonly offers: readonly ClusterOffer[];
  /** The one that is chosen. */
  readonly offer: ClusterOffer;
  readonly texts: ClusterTexts;
  readonly formIssues: readonly FormIssue[];
  /** What the server said of the last try. */
  readonly issues: readonly Issue[];
  /** Why the last try failed. */
  readonly error: Error | null;
  readonly isSubmitting: boolean;
}

export interface IClusterFormProps {
  state: IClusterFormState;
  /** Interpreters that notebooks run with here. */
  pythons: readonly string[];
  onChange: (changes: Partial<ClusterTexts>) => void;
  onGateway: (id: string) => void;
  /** Save what is typed as a template. */
  onSave: () => void;
  trans: TranslationBundle;
}

/** The name of a cluster that is given none. */
const DEFAULT_NAME = 'dask';

/** What a new cluster is to be. */
export function ClusterForm(props: IClusterFormProps): JSX.Element {
  const { state, onChange, trans } = props;
  const { offer, offers, texts } = state;
  const { form, others } = formIssuesOf(state, trans);
  const failure = failureText(state, trans);
  // What is refused is not counted.
  const total = blockingField(state, trans) ? null : totalOf(texts, offer);
  return (
    <div className="jp-BatchJobs-resubmit jp-BatchJobs-form">
      {offers.length > 1 && (
        <SelectField
          form={form}
          field="gateway_id"
          label={trans.__('Gateway')}
          value={texts.gateway_id}
          options={offers.map(({ id, title }) => ({ value: id, title }))}
          onChange={props.onGateway}
        />
      )}
      {offer.unavailable && <Notice tone="warning" text={offer.unavailable} />}
      {offer.notices.map(text => (
        <Notice key={text} tone="info" text={text} />
      ))}
      <TextField
        form={form}
        field="spec.name"
        label={trans.__('Name')}
        value={texts.name}
        hint={trans.__('By default %1', DEFAULT_NAME)}
        onChange={name => onChange({ name })}
      />
      <WorkersFields
        form={form}
        prefix="spec.workers."
        texts={texts.workers}
        canAdapt={offer.capabilities.adaptive}
        hint={limitHint(offer.limits.max_workers, trans)}
        onChange={changes =>
          onChange({ workers: { ...texts.workers, ...changes } })
        }
        trans={trans}
      />
      <OptionFields {...props} form={form} />
      {offer.capabilities.idle_stop && <IdleStopField {...props} form={form} />}
      <p className="jp-BatchJobs-quiet" role="status">
        {totalText(total, trans)}
      </p>
      {others.map(({ field, severity, text }) => (
        <Notice key={`${field} ${text}`} tone={severity} text={text} />
      ))}
      {failure && <Notice tone="error" text={failure} />}
      <button
        type="button"
        className="jp-BatchJobs-link"
        onClick={props.onSave}
      >
        {trans.__('Save as Template…')}
      </button>
    </div>
  );
}

function IdleStopField(
  props: IClusterFormProps & { form: IFieldHandle }
): JSX.Element {
  const { form, state, trans } = props;
  return (
    <TextField
      form={form}
      field="spec.idle_stop_seconds"
      label={trans.__('Stops when idle for')}
      value={state.texts.idle_stop}
      hint={trans.__(
        'Without work for so long it stops by itself, with all that is only in its memory.'
      )}
      onChange={idle_stop => props.onChange({ idle_stop })}
    />
  );
}
