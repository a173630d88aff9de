import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { WorkersTexts } from '../../model/clusterForm';
import type { Cluster, Issue } from '../../model/contract';
import type { FormIssue } from '../../model/formIssue';
import { Notice } from '../jobs/Notices';
import { failureText, formIssuesOf } from '../text/clusterFormText';
import { presentWorkersText } from '../text/clusterText';
import { WorkersFields } from './WorkersFields';

/** What the dialog shows. Frozen: a change makes a new one. */
export interface IScaleState {
  readonly cluster: Cluster;
  readonly texts: WorkersTexts;
  readonly formIssues: readonly FormIssue[];
  readonly issues: readonly Issue[];
  /** Why the gateway did not do it, in its own words. */
  readonly refusal: string | null;
  readonly error: Error | null;
  readonly isSubmitting: boolean;
}

/** How many workers a cluster is to have from now on. */
export function ScaleForm(props: {
  state: IScaleState;
  onChange: (changes: Partial<WorkersTexts>) => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { state, trans } = props;
  const { form, others } = formIssuesOf(state, trans);
  const failure = state.refusal ?? failureText(state, trans);
  return (
    <div className="jp-BatchJobs-resubmit jp-BatchJobs-form">
      <p>{presentWorkersText(state.cluster, trans)}</p>
      <WorkersFields
        form={form}
        prefix=""
        texts={state.texts}
        canAdapt
        onChange={props.onChange}
        trans={trans}
      />
      {others.map(({ field, severity, text }) => (
        <Notice key={`${field} ${text}`} tone={severity} text={text} />
      ))}
      {failure && <Notice tone="error" text={failure} />}
    </div>
  );
}
