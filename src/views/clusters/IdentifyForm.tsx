import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Cluster } from '../../model/contract';
import { Notice } from '../jobs/Notices';
import { candidateText } from '../text/clusterActionText';
import { errorText } from '../text/errorText';

/** What the dialog shows. Frozen: a change makes a new one. */
export interface IIdentifyState {
  readonly cluster: Cluster;
  /** The gateway's own id of the chosen one; null: none of them. */
  readonly chosen: string | null;
  /** Why it was not taken. */
  readonly refusal: string | null;
  readonly error: Error | null;
  readonly isSubmitting: boolean;
}

/** Which of some clusters it is, or none. */
export function IdentifyForm(props: {
  state: IIdentifyState;
  onChoose: (nativeId: string | null) => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { state, onChoose, trans } = props;
  const { cluster, chosen, refusal, error } = state;
  const candidates = cluster.candidates ?? [];
  const name = React.useId();
  const radio = (value: string | null, words: string): JSX.Element => (
    <label key={value ?? ''} className="jp-BatchJobs-check">
      <input
        type="radio"
        name={name}
        data-field="native_id"
        checked={chosen === value}
        onChange={() => onChoose(value)}
      />
      {words}
    </label>
  );
  return (
    <div className="jp-BatchJobs-resubmit jp-BatchJobs-form">
      <p>
        {candidates.length > 0
          ? trans.__(
              'The answer of the gateway was lost, and it does not show which cluster is whose. One of these is probably it: they are new since then and have its options.'
            )
          : trans.__(
              'The answer of the gateway was lost, and it shows no cluster that may be this one. It may still come.'
            )}
      </p>
      <div role="radiogroup" aria-label={trans.__('Which cluster it is')}>
        {candidates.map(candidate =>
          radio(candidate.native_id, candidateText(candidate, trans))
        )}
        {radio(
          null,
          trans.__(
            'None of these: it was not started, and can be started again'
          )
        )}
      </div>
      {refusal && <Notice tone="error" text={refusal} />}
      {error && <Notice tone="error" text={errorText(error, trans)} />}
    </div>
  );
}
