import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Gateway } from '../../model/contract';
import { phaseIcon } from '../icons';
import { gatewayText, isWell, Notice } from '../jobs/Notices';
import { errorText } from '../text/errorText';
import { fieldText } from './fieldIssues';
import type { IFieldIssue } from './fieldIssues';

/** What stands in the way, each line leading to its field. */
export function BeforeSubmit(props: {
  issues: readonly IFieldIssue[];
  error: Error | null;
  gateway: Gateway | undefined;
  /** The notebook is open and has changes that are not in its file. */
  hasUnsavedNotebook: boolean;
  now: number;
  onJump: (field: string) => void;
  onSaveNotebook: () => void;
  onRetryGateway: (gateway: Gateway) => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { issues, error, gateway, trans } = props;
  return (
    <section className="jp-BatchJobs-before">
      <h3>{trans.__('Before you submit')}</h3>
      {error && <Notice tone="error" text={errorText(error, trans)} />}
      {gateway && !isWell(gateway) && (
        <Notice
          tone="warning"
          text={gatewayText(gateway, props.now, trans)}
          detail={gateway.health.error}
          detailLabel={trans.__('Details')}
          action={{
            label: trans.__('Retry'),
            run: () => props.onRetryGateway(gateway)
          }}
        />
      )}
      {props.hasUnsavedNotebook && (
        <Notice
          tone="warning"
          text={trans.__(
            'The notebook has changes that are not saved. The job would run it without them.'
          )}
          action={{
            label: trans.__('Save notebook'),
            run: props.onSaveNotebook
          }}
        />
      )}
      <IssuesCard issues={issues} onJump={props.onJump} trans={trans} />
    </section>
  );
}

function IssuesCard(props: {
  issues: readonly IFieldIssue[];
  onJump: (field: string) => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { issues, trans } = props;
  const icon = phaseIcon(issues.length > 0 ? 'ERROR' : 'COMPLETED');
  return (
    <div className="jp-BatchJobs-card">
      {issues.length === 0 && (
        <div className="jp-BatchJobs-issue jp-mod-completed">
          <icon.react tag="span" aria-hidden="true" />
          <span>{trans.__('Nothing stands in the way')}</span>
        </div>
      )}
      <ul aria-label={trans.__('Problems')}>
        {issues.map(issue => (
          <li key={`${issue.field} ${issue.text}`}>
            <button
              type="button"
              className={`jp-BatchJobs-issue jp-mod-${issue.severity}`}
              onClick={() => props.onJump(issue.field)}
            >
              <icon.react tag="span" aria-hidden="true" />
              <span>
                {trans.__('%1: %2', fieldText(issue.field, trans), issue.text)}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
