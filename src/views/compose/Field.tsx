import * as React from 'react';

import type { IFieldIssue } from './fieldIssues';
import type { IFieldHandle } from './formHandle';

/** What is common to all fields. */
export interface IFieldProps {
  form: IFieldHandle;
  /** Path in the submission. */
  field: string;
  label: string;
  value: string;
  onChange: (value: string) => void;
  /** Not said while an error says what is asked for. */
  hint?: string;
}

/** A labelled line of text. */
export function TextField(
  props: IFieldProps & {
    isCode?: boolean;
    placeholder?: string;
    list?: readonly string[];
    /** It takes the focus when it is drawn first. */
    autoFocus?: boolean;
  }
): JSX.Element {
  const listId = React.useId();
  return (
    <LabelledField {...props}>
      {control => (
        <>
          <input
            {...control}
            type="text"
            className={`jp-mod-styled ${props.isCode ? 'jp-mod-code' : ''}`}
            value={props.value}
            placeholder={props.placeholder}
            spellCheck={false}
            autoComplete="off"
            list={props.list ? listId : undefined}
            autoFocus={props.autoFocus}
            onChange={event => props.onChange(event.target.value)}
          />
          {props.list && (
            <datalist id={listId}>
              {props.list.map(value => (
                <option key={value} value={value} />
              ))}
            </datalist>
          )}
        </>
      )}
    </LabelledField>
  );
}

/** A labelled moment in local time. */
export function MomentField(props: IFieldProps): JSX.Element {
  return (
    <LabelledField {...props}>
      {control => (
        <input
          {...control}
          type="datetime-local"
          className="jp-mod-styled"
          value={props.value}
          onChange={event => props.onChange(event.target.value)}
        />
      )}
    </LabelledField>
  );
}

/** A labelled text of several lines. */
export function CodeField(props: IFieldProps): JSX.Element {
  return (
    <LabelledField {...props}>
      {control => (
        <textarea
          {...control}
          className="jp-mod-styled jp-mod-code"
          rows={3}
          value={props.value}
          spellCheck={false}
          onChange={event => props.onChange(event.target.value)}
        />
      )}
    </LabelledField>
  );
}

/** A labelled choice. */
export function SelectField(
  props: IFieldProps & {
    options: readonly { value: string; title: string }[];
  }
): JSX.Element {
  const isKnown = props.options.some(option => option.value === props.value);
  return (
    <LabelledField {...props}>
      {control => (
        <div className="jp-select-wrapper">
          <select
            {...control}
            className="jp-mod-styled"
            value={props.value}
            onChange={event => props.onChange(event.target.value)}
          >
            {!isKnown && <option value={props.value}>{props.value}</option>}
            {props.options.map(option => (
              <option key={option.value} value={option.value}>
                {option.title}
              </option>
            ))}
          </select>
        </div>
      )}
    </LabelledField>
  );
}

/** What a control gets from its field. */
interface IControlProps {
  'data-field': string;
  'aria-invalid': boolean;
  'aria-describedby': string | undefined;
  onBlur: () => void;
}

/** The issues at a field, the id of their place, and what ties its control to them. */
export function useFieldIssues(
  form: IFieldHandle,
  field: string,
  hintId?: string
): { id: string; issues: readonly IFieldIssue[]; control: IControlProps } {
  const id = React.useId();
  const issues = form.issuesAt(field);
  const describedBy = [issues.length > 0 ? id : '', hintId ?? ''];
  return {
    id,
    issues,
    control: {
      'data-field': field,
      'aria-invalid': issues.some(issue => issue.severity === 'error'),
      'aria-describedby': describedBy.filter(Boolean).join(' ') || undefined,
      onBlur: () => form.visit(field)
    }
  };
}

function LabelledField(
  props: IFieldProps & {
    children: (control: IControlProps & { id: string }) => JSX.Element;
  }
): JSX.Element {
  const controlId = React.useId();
  const hintId = `${controlId}-hint`;
  const hint = props.form.issuesAt(props.field).some(isAmiss)
    ? undefined
    : props.hint;
  const { id, issues, control } = useFieldIssues(
    props.form,
    props.field,
    hint && hintId
  );
  return (
    <div className={`jp-BatchJobs-field ${toneOf(issues)}`}>
      <label htmlFor={controlId}>{props.label}</label>
      {props.children({ ...control, id: controlId })}
      <div>
        <FieldIssues id={id} issues={issues} />
        {hint && (
          <div id={hintId} className="jp-BatchJobs-hint">
            {hint}
          </div>
        )}
      </div>
    </div>
  );
}

/** Whether what was typed is wrong, and not just nothing yet. */
function isAmiss(issue: IFieldIssue): boolean {
  return issue.severity === 'error' && !issue.isMissing;
}

/** The words beside a field. */
export function FieldIssues(props: {
  id: string;
  issues: readonly IFieldIssue[];
}): JSX.Element | null {
  return props.issues.length === 0 ? null : (
    <div id={props.id}>
      {props.issues.map(issue => (
        <div
          key={`${issue.field} ${issue.text}`}
          className={`jp-BatchJobs-hint jp-mod-${issue.severity}`}
        >
          {issue.text}
        </div>
      ))}
    </div>
  );
}

/** The css class for the worst of some issues. */
export function toneOf(issues: readonly IFieldIssue[]): string {
  if (issues.length === 0) {
    return '';
  }
  return issues.some(issue => issue.severity === 'error')
    ? 'jp-mod-error'
    : 'jp-mod-warning';
}
