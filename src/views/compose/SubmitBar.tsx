import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { taskCountText } from '../text/tasksText';
import { isBlocking } from './fieldIssues';
import type { IFieldIssue } from './fieldIssues';

const DRAWN_AWAY_PX = 8;

export interface ISubmitBarProps {
  issues: readonly IFieldIssue[];
  /** Null of a single job. */
  taskCount: number | null;
  isSubmitting: boolean;
  isSlow: boolean;
  /** The job of this form, if it was submitted. */
  jobId: string | null;
  onSubmit: () => void;
  onJump: (field: string) => void;
  onOpenJob: (id: string) => void;
  onSubmitAnother: () => void;
  onSaveTemplate: () => void;
  trans: TranslationBundle;
}

/** The button that submits; while an error stands it leads to the first one. */
export function SubmitBar(props: ISubmitBarProps): JSX.Element {
  const { issues, jobId, isSubmitting, trans } = props;
  const press = usePress();
  if (jobId !== null) {
    return <SubmittedBar {...props} jobId={jobId} />;
  }
  return (
    <div className="jp-BatchJobs-submitBar">
      <button
        type="button"
        className="jp-mod-styled jp-mod-accept"
        aria-disabled={issues.some(isBlocking) || isSubmitting}
        onClick={props.onSubmit}
        {...press}
      >
        {submitLabel(props)}
      </button>
      <button
        type="button"
        className="jp-BatchJobs-button jp-BatchJobs-saveTemplate"
        onClick={props.onSaveTemplate}
      >
        {trans.__('Save as template…')}
      </button>
      {issues.length > 0 && (
        <button
          type="button"
          className="jp-BatchJobs-link jp-BatchJobs-issuesLink"
          onClick={() => props.onJump(issues[0].field)}
        >
          {trans._n('%1 problem', '%1 problems', issues.length)}
        </button>
      )}
      <span className="jp-BatchJobs-keys" aria-hidden="true">
        <kbd>{trans.__('Ctrl+Enter')}</kbd>
      </span>
      <p className="jp-BatchJobs-hint" role="status">
        {props.isSlow &&
          trans.__(
            'There is no answer yet. A batch system that is busy can take two minutes; nothing is sent twice, and the panel shows what becomes of it.'
          )}
      </p>
    </div>
  );
}

/**
 * Let a press that begins on a button end there though the button moves meanwhile: what the server
 * says of the form appears above it. Whoever draws the pointer away still takes the press back.
 */
function usePress(): Pick<
  React.DOMAttributes<HTMLButtonElement>,
  'onPointerDown' | 'onPointerMove'
> {
  const began = React.useRef({ x: 0, y: 0 });
  return {
    onPointerDown: event => {
      began.current = { x: event.clientX, y: event.clientY };
      event.currentTarget.setPointerCapture?.(event.pointerId);
    },
    onPointerMove: event => {
      const { x, y } = began.current;
      if (Math.hypot(event.clientX - x, event.clientY - y) > DRAWN_AWAY_PX) {
        event.currentTarget.releasePointerCapture?.(event.pointerId);
      }
    }
  };
}

function submitLabel(props: ISubmitBarProps): string {
  const { issues, taskCount, isSubmitting, trans } = props;
  const isAnyway = issues.some(issue => issue.severity === 'warning');
  if (isSubmitting) {
    return trans.__('Submitting…');
  }
  if (taskCount !== null) {
    const tasks = taskCountText(taskCount, trans);
    return isAnyway
      ? trans.__('Submit %1 anyway', tasks)
      : trans.__('Submit %1', tasks);
  }
  return isAnyway ? trans.__('Submit anyway') : trans.__('Submit');
}

function SubmittedBar(props: ISubmitBarProps & { jobId: string }): JSX.Element {
  const { jobId, trans } = props;
  return (
    <div className="jp-BatchJobs-submitBar" role="status">
      <span>{trans.__('Submitted.')}</span>
      <button
        type="button"
        className="jp-mod-styled jp-mod-accept"
        onClick={() => props.onOpenJob(jobId)}
      >
        {trans.__('Open job')}
      </button>
      <button
        type="button"
        className="jp-BatchJobs-button"
        onClick={props.onSubmitAnother}
      >
        {trans.__('Submit as another job')}
      </button>
    </div>
  );
}
