import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { BatchError } from '../../api/errors';
import type { Gateway } from '../../model/contract';
import type { TaskKind } from '../../model/form';
import { phaseIcon } from '../icons';
import { gatewayText, isWell, Notice } from '../jobs/Notices';
import { errorText, isBatchError, isOfStore } from '../text/errorText';
import { fieldText } from './fieldIssues';
import type { IFieldIssue } from './fieldIssues';

interface IBeforeSubmitProps {
  issues: readonly IFieldIssue[];
  /** What the form runs. */
  kind: TaskKind;
  error: Error | null;
  gateway: Gateway | undefined;
  /** The notebook is open and has changes that are not in its file. */
  hasUnsavedNotebook: boolean;
  now: number;
  onJump: (field: string) => void;
  onSaveNotebook: () => void;
  onRetryGateway: (gateway: Gateway) => void;
  trans: TranslationBundle;
}

/** What stands in the way, each line leading to its field. */
export function BeforeSubmit(props: IBeforeSubmitProps): JSX.Element {
  const { error, trans } = props;
  return (
    <section className="jp-BatchJobs-before">
      <h3>{trans.__('Before you submit')}</h3>
      {error && !(props.gateway && isOfGateway(error)) && (
        <Notice
          tone="error"
          text={errorText(error, trans)}
          detail={isOfStore(error) ? error.message : null}
          detailLabel={trans.__('Details')}
        />
      )}
      <GatewayNotice {...props} />
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
      <IssuesCard {...props} />
    </section>
  );
}

/** How the gateway is; right after a try, what became of the form because of that. */
function GatewayNotice(props: IBeforeSubmitProps): JSX.Element | null {
  const { error, gateway, trans } = props;
  const isRefusal = isOfGateway(error);
  if (!gateway || (isWell(gateway) && !isRefusal)) {
    return null;
  }
  return (
    <Notice
      tone={isRefusal ? 'error' : 'warning'}
      text={
        isRefusal
          ? errorText(error, trans)
          : gatewayText(gateway, props.now, trans)
      }
      detail={gateway.health.error}
      detailLabel={trans.__('Details')}
      action={{
        label: trans.__('Retry'),
        run: () => props.onRetryGateway(gateway)
      }}
    />
  );
}

/** Whether a call failed because of how its gateway is. */
export function isOfGateway(error: Error | null): error is BatchError {
  const code = isBatchError(error) ? error.problem?.code : undefined;
  return code === 'gateway_unreachable' || code === 'gateway_not_signed_in';
}

function IssuesCard(props: IBeforeSubmitProps): JSX.Element {
  const { issues, kind, trans } = props;
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
                {trans.__(
                  '%1: %2',
                  fieldText(issue.field, kind, trans),
                  issue.text
                )}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
