import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type {
  Check,
  Draft,
  Gateway,
  Issue,
  Preview,
  Similar,
  Submission
} from '../../model/contract';
import type { Difference } from '../../model/differences';
import type { FormIssue } from '../../model/draft';
import type { FormContent } from '../../model/form';
import type { FormTasks } from '../../model/formTasks';
import type { Parameter } from '../../model/parameters';
import type { JobChoice } from './AfterSection';
import { BeforeSubmit } from './BeforeSubmit';
import { ComposeHead } from './ComposeHead';
import { CostCard } from './CostCard';
import { DifferencesCard } from './DifferencesCard';
import {
  collectIssues,
  concerns,
  isBlocking,
  jumpToField
} from './fieldIssues';
import type { IFieldIssue } from './fieldIssues';
import { FoldedSections } from './FoldedSections';
import type { IFormHandle } from './formHandle';
import { PreviewPane } from './PreviewPane';
import { ResourcesSection } from './ResourcesSection';
import { ScriptCard } from './ScriptCard';
import type { OpenedScript } from './ScriptCard';
import { SubmitBar } from './SubmitBar';
import { WhatSection } from './WhatSection';
import { WhereSection } from './WhereSection';

/** What the form shows. */
export interface IComposeState {
  readonly content: FormContent;
  /** What the form means; null while a text of it cannot be sent. */
  readonly submission: Submission | null;
  readonly formIssues: readonly FormIssue[];
  /** Which tasks the form means. */
  readonly tasks: FormTasks;
  /** What the server said of the form. */
  readonly issues: readonly Issue[];
  /** They were said of earlier contents. */
  readonly areIssuesOld: boolean;
  readonly preview: Preview | null;
  /** What jobs like it used before. */
  readonly similar: Similar | null;
  /** What the job may cost, and what is left to pay it with; null while that is not known. */
  readonly charge: Pick<Check, 'cost' | 'allocation_left' | 'limits'> | null;
  /** The answer is not yet that to the present contents. */
  readonly isChecking: boolean;
  readonly isSubmitting: boolean;
  /** It is being submitted for so long that somebody may wonder. */
  readonly isSlow: boolean;
  /** Why the last call failed. */
  readonly error: Error | null;
  /** The job that this form became. */
  readonly jobId: string | null;
  readonly gateways: readonly Gateway[];
  /** Jobs on the chosen gateway. */
  readonly choices: readonly JobChoice[];
  /** Of the notebook; null while they are not known. */
  readonly parameters: readonly Parameter[] | null;
  /** The notebook is open and has changes that are not in its file. */
  readonly hasUnsavedNotebook: boolean;
  /** Other forms that were not submitted. */
  readonly drafts: readonly Draft[];
  /** The job that it was filled in from, and what is different; null of none. */
  readonly edited: Readonly<{
    name: string;
    differences: readonly Difference[];
  }> | null;
  /** The script that it was filled in from, and what became of its lines; null of none. */
  readonly script: OpenedScript | null;
}

export interface IComposeFormProps {
  state: IComposeState;
  /** Milliseconds since the epoch. */
  now: number;
  onChange: (changes: Partial<FormContent>) => void;
  onSubmit: (anyway: boolean) => void;
  /** Something stands in the way that may be gone by now. */
  onLookAgain: () => void;
  onSubmitAnother: () => void;
  onOpenJob: (id: string) => void;
  onOpenDraft: (key: string) => void;
  onOpenTemplate: () => void;
  onOpenScript: () => void;
  onSaveTemplate: () => void;
  onSaveNotebook: () => void;
  onRetryGateway: (gateway: Gateway) => void;
  onCopy: (text: string) => void;
  /** Ask for the column of a file and write it down; null where no file can be chosen. */
  onChooseColumn: ((write: (text: string) => void) => void) | null;
  trans: TranslationBundle;
}

/** The form for one job: what, where and how much on the left; what will be sent on the right. */
export function ComposeForm(props: IComposeFormProps): JSX.Element {
  const { state, trans } = props;
  const ref = React.useRef<HTMLFormElement>(null);
  const form = useFormHandle(props);
  const { issues } = form;
  const gateway = gatewayOf(state);
  const jump = (field: string): void => {
    form.visitAll();
    if (ref.current) {
      jumpToField(ref.current, field);
    }
  };
  const submit = useSubmit(props, issues, jump);
  return (
    <form
      ref={ref}
      className="jp-BatchJobs-compose jp-BatchJobs-form"
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
          <ComposeHead
            drafts={state.drafts}
            now={props.now}
            onOpenDraft={props.onOpenDraft}
            onOpenScript={props.onOpenScript}
            onOpenTemplate={props.onOpenTemplate}
            trans={trans}
          />
          <WhatSection form={form.handle} parameters={state.parameters} />
          <WhereSection form={form.handle} gateways={state.gateways} />
          <ResourcesSection
            form={form.handle}
            gateway={gateway}
            similar={state.similar}
          />
          <FoldedSections
            form={form.handle}
            gateway={gateway}
            choices={state.choices}
          />
        </div>
        <div className="jp-BatchJobs-composeSide">
          <SideCards
            {...props}
            issues={issues}
            gateway={gateway}
            onJump={jump}
          />
        </div>
      </div>
      <SubmitBar
        {...state}
        issues={issues}
        taskCount={state.tasks.count}
        onSubmit={submit}
        onJump={jump}
        onOpenJob={props.onOpenJob}
        onSubmitAnother={props.onSubmitAnother}
        onSaveTemplate={props.onSaveTemplate}
        trans={trans}
      />
    </form>
  );
}

/** What stands in the way, where the contents came from, and what will be sent. */
function SideCards(
  props: IComposeFormProps & {
    issues: readonly IFieldIssue[];
    gateway: Gateway | undefined;
    onJump: (field: string) => void;
  }
): JSX.Element {
  const { state, trans } = props;
  return (
    <>
      <BeforeSubmit
        issues={props.issues}
        kind={state.content.kind}
        error={state.error}
        gateway={props.gateway}
        hasUnsavedNotebook={state.hasUnsavedNotebook}
        now={props.now}
        onJump={props.onJump}
        onSaveNotebook={props.onSaveNotebook}
        onRetryGateway={props.onRetryGateway}
        trans={trans}
      />
      <ScriptCard
        script={state.script}
        gateways={state.gateways}
        gatewayId={state.content.gateway_id}
        kind={state.content.kind}
        onJump={props.onJump}
        trans={trans}
      />
      <CostCard {...state} trans={trans} />
      <DifferencesCard
        edited={state.edited}
        kind={state.content.kind}
        onJump={props.onJump}
        trans={trans}
      />
      <PreviewPane
        preview={state.preview}
        submission={state.submission}
        isOld={state.isChecking}
        onCopy={props.onCopy}
        trans={trans}
      />
    </>
  );
}

function gatewayOf({ gateways, content }: IComposeState): Gateway | undefined {
  return gateways.find(({ id }) => id === content.gateway_id);
}

/** Submit, or go to the first problem: to one that is known, or one for which it was refused. */
function useSubmit(
  { state, onSubmit, onLookAgain }: IComposeFormProps,
  issues: readonly IFieldIssue[],
  jump: (field: string) => void
): () => void {
  const error = issues.find(
    issue => issue.severity === 'error' && !issue.isOld
  );
  const wasSubmitting = React.useRef(false);
  React.useEffect(() => {
    if (wasSubmitting.current && !state.isSubmitting && error) {
      jump(error.field);
    }
    wasSubmitting.current = state.isSubmitting;
  });
  return () => {
    if (state.isSubmitting || state.jobId !== null) {
      return;
    }
    const blocking = issues.find(isBlocking);
    if (blocking) {
      jump(blocking.field);
      onLookAgain();
    } else {
      onSubmit(issues.some(issue => issue.severity === 'warning'));
    }
  };
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
    state.issues,
    trans,
    state.areIssuesOld
  );
  const handle: IFormHandle = {
    content: state.content,
    tasks: state.tasks,
    chooseColumn: props.onChooseColumn,
    change: props.onChange,
    issuesAt: field =>
      issues.filter(
        issue =>
          concerns(issue, field) &&
          // What was missing a moment ago may be there: words that come as a field is left would move
          // what is being clicked.
          (!issue.isMissing ||
            (!issue.isOld && (isAllVisited || visited.has(field))))
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
