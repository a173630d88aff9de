import type { Check, Draft, Gateway, Issue } from '../model/contract';
import { differencesOf } from '../model/differences';
import { toSubmission } from '../model/draft';
import type { FormContent } from '../model/form';
import { readTasks } from '../model/formTasks';
import type { FormContext } from '../model/formTasks';
import type { Parameter } from '../model/parameters';
import type { Tables } from '../model/sweep';
import type { IDraftSnapshot } from '../stores/draft';
import type { JobChoice } from '../views/compose/AfterSection';
import type { IComposeState } from '../views/compose/ComposeForm';
import type { OpenedScript } from '../views/compose/ScriptCard';
import { issuesOf } from './refusedFields';

/** What the state of a form is put together from. */
export interface IComposeParts {
  draft: IDraftSnapshot;
  /** The server's last word, and the contents it was said of. */
  checked: Readonly<{ content: FormContent | null; check: Check | null }>;
  /** The parameters of the notebook that was read last. */
  notebook: Readonly<{
    path: string;
    parameters: readonly Parameter[] | null;
  }> | null;
  /** The job that the form was filled in from. */
  original: Readonly<{ id: string; name: string; content: FormContent }> | null;
  /** The script that was read last. */
  script: OpenedScript | null;
  /** Why the last try to submit failed, and the contents it was made with. */
  refusal: Readonly<{ content: FormContent; error: Error }> | null;
  /** Why another call failed. */
  error: Error | null;
  /** The files whose columns the form names. */
  tables: Tables;
  /** Whether it is on its way, and for long already. */
  sending: Readonly<{ isSubmitting: boolean; isSlow: boolean }>;
  isDocumentDirty: boolean;
  gateways: readonly Gateway[];
  /** Jobs on the chosen gateway. */
  choices: readonly JobChoice[];
  drafts: readonly Draft[];
}

/** Put together what the form shows. */
export function composeState(parts: IComposeParts): IComposeState {
  const { checked, notebook } = parts;
  const { content, jobId, error } = parts.draft;
  const context = contextOf(content, parts.gateways, parts.tables);
  const tasks = readTasks(content, context);
  const { submission, issues } = toSubmission(content, context, tasks);
  const { check } = checked;
  const isChecking = checked.content !== content;
  const refused =
    parts.refusal?.content === content ? issuesOf(parts.refusal.error) : [];
  return Object.freeze({
    content,
    submission,
    formIssues: issues,
    tasks,
    issues: mergeIssues(check?.issues ?? [], refused, isChecking),
    areIssuesOld: isChecking && refused.length === 0,
    preview: submission && check ? check.preview : null,
    similar: check?.similar ?? null,
    charge: submission && check,
    isChecking,
    isSubmitting: parts.sending.isSubmitting,
    isSlow: parts.sending.isSlow,
    error: parts.refusal?.error ?? parts.error ?? error,
    jobId,
    gateways: parts.gateways,
    choices: parts.choices,
    parameters: notebook?.path === content.path ? notebook.parameters : null,
    hasUnsavedNotebook: content.kind !== 'command' && parts.isDocumentDirty,
    drafts: parts.drafts,
    script: isOf(content, parts.script) ? parts.script : null,
    edited: editedOf(content, parts.original)
  });
}

function editedOf(
  content: FormContent,
  original: IComposeParts['original']
): IComposeState['edited'] {
  return original && original.id === content.edited_job
    ? {
        name: original.name,
        differences: differencesOf(original.content, content)
      }
    : null;
}

/** Whether a form was filled in from a script. */
export function isOf(
  { opened_script, opened_for }: FormContent,
  script: OpenedScript | null
): boolean {
  return script?.path === opened_script && script.gatewayId === opened_for;
}

/** What the texts of a form are read with. */
export function contextOf(
  { gateway_id }: FormContent,
  gateways: readonly Gateway[],
  tables: Tables
): FormContext {
  const gateway = gateways.find(({ id }) => id === gateway_id);
  return { tables, maxTasks: gateway?.limits.max_array_size ?? null };
}

/** What the server says of the fields: a refusal is its later word, of the present contents. */
function mergeIssues(
  checked: readonly Issue[],
  refused: readonly Issue[],
  isChecking: boolean
): readonly Issue[] {
  const isOfGateway = refused.every(({ code }) => code === 'gateway_refused');
  return refused.length > 0 && (isChecking || !isOfGateway)
    ? refused
    : [...checked, ...refused];
}
