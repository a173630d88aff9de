import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Check, Gateway, Submission } from '../../model/contract';
import type { FormIssue } from '../../model/draft';
import type { FormContent } from '../../model/form';
import type { Parameter } from '../../model/parameters';
import { BeforeSubmit } from './BeforeSubmit';
import { collectIssues, concerns, jumpToField } from './fieldIssues';
import type { IFieldIssue } from './fieldIssues';
import { FoldedSections } from './FoldedSections';
import type { IFormHandle } from './formHandle';
import { PreviewPane } from './PreviewPane';
import { ResourcesSection } from './ResourcesSection';
import { SubmitBar } from './SubmitBar';
import { WhatSection } from './WhatSection';
import { WhereSection } from './WhereSection';

/** What the form shows. */
export interface IComposeState {
  readonly content: FormContent;
  /** What the form means; null while a text of it cannot be sent. */
  readonly submission: Submission | null;
  readonly formIssues: readonly FormIssue[];
  /** The server's last answer. */
  readonly check: Check | null;
  /** The answer is not yet that to the present contents. */
  readonly isChecking: boolean;
  readonly isSubmitting: boolean;
  /** Why the last call failed. */
  readonly error: Error | null;
  /** The job that this form became. */
  readonly jobId: string | null;
  readonly gateways: readonly Gateway[];
  /** Of the notebook; null while they are not known. */
  readonly parameters: readonly Parameter[] | null;
  /** The notebook is open and has changes that are not in its file. */
  readonly hasUnsavedNotebook: boolean;
}

export interface IComposeFormProps {
  state: IComposeState;
  /** Milliseconds since the epoch. */
  now: number;
  onChange: (changes: Partial<FormContent>) => void;
  onSubmit: (anyway: boolean) => void;
  onSubmitAnother: () => void;
  onOpenJob: (id: string) => void;
  onSaveNotebook: () => void;
  onRetryGateway: (gateway: Gateway) => void;
  onCopy: (text: string) => void;
  trans: TranslationBundle;
}

/** The form for one job: what, where and how much on the left; what will be sent on the right. */
export function ComposeForm(props: IComposeFormProps): JSX.Element {
  const { state, trans } = props;
  const ref = React.useRef<HTMLFormElement>(null);
  const form = useFormHandle(props);
  const { issues } = form;
  const gateway = state.gateways.find(
    ({ id }) => id === state.content.gateway_id
  );
  const jump = (field: string): void => {
    form.visitAll();
    if (ref.current) {
      jumpToField(ref.current, field);
    }
  };
  const submit = (): void => {
    const error = issues.find(issue => issue.severity === 'error');
    if (state.isSubmitting || state.jobId !== null) {
      return;
    }
    if (error) {
      jump(error.field);
    } else {
      props.onSubmit(issues.length > 0);
    }
  };
  return (
    <form
      ref={ref}
      className="jp-BatchJobs-compose"
      aria-label={trans.__('New batch job')}
      onSubmit={event => event.preventDefault()}
      onKeyDown={event => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
          event.preventDefault();
          submit();
        }
      }}
    >
      <div className="jp-BatchJobs-composeBody">
        <div className="jp-BatchJobs-composeMain">
          <h2>{trans.__('New batch job')}</h2>
          <WhatSection form={form.handle} parameters={state.parameters} />
          <WhereSection form={form.handle} gateways={state.gateways} />
          <ResourcesSection form={form.handle} gateway={gateway} />
          <FoldedSections form={form.handle} />
        </div>
        <div className="jp-BatchJobs-composeSide">
          <BeforeSubmit
            issues={issues}
            error={state.error}
            gateway={gateway}
            hasUnsavedNotebook={state.hasUnsavedNotebook}
            now={props.now}
            onJump={jump}
            onSaveNotebook={props.onSaveNotebook}
            onRetryGateway={props.onRetryGateway}
            trans={trans}
          />
          <PreviewPane
            preview={state.check?.preview ?? null}
            submission={state.submission}
            isOld={state.isChecking}
            onCopy={props.onCopy}
            trans={trans}
          />
        </div>
      </div>
      <SubmitBar
        issues={issues}
        isSubmitting={state.isSubmitting}
        jobId={state.jobId}
        onSubmit={submit}
        onJump={jump}
        onOpenJob={props.onOpenJob}
        onSubmitAnother={props.onSubmitAnother}
        trans={trans}
      />
    </form>
  );
}

/** The handle of the form's parts, and which fields were visited. */
function useFormHandle(props: IComposeFormProps): {
  handle: IFormHandle;
  issues: readonly IFieldIssue[];
  visitAll: () => void;
} {
  const { state, trans } = props;
  const [visited, setVisited] = React.useState<ReadonlySet<string>>(new Set());
  const [isAllVisited, setAllVisited] = React.useState(false);
  const issues = collectIssues(
    state.formIssues,
    state.check?.issues ?? [],
    trans
  );
  const handle: IFormHandle = {
    content: state.content,
    change: props.onChange,
    issuesAt: field =>
      issues.filter(
        issue =>
          concerns(issue, field) &&
          (!issue.isMissing || isAllVisited || visited.has(field))
      ),
    visit: field => {
      if (!visited.has(field)) {
        setVisited(new Set([...visited, field]));
      }
    },
    trans
  };
  return { handle, issues, visitAll: () => setAllVisited(true) };
}
