import type { TranslationBundle } from '@jupyterlab/translation';

import type { FormContent } from '../../model/form';
import type { FormTasks } from '../../model/formTasks';
import type { IFieldIssue } from './fieldIssues';

/** What a field needs of the form around it. */
export interface IFieldHandle {
  /** What is said beside a field. */
  issuesAt(field: string): readonly IFieldIssue[];
  /** The focus has left a field. */
  visit(field: string): void;
}

/** What the parts of the form share. */
export interface IFormHandle extends IFieldHandle {
  readonly content: FormContent;
  /** Which tasks it means. */
  readonly tasks: FormTasks;
  /** Ask for the column of a file and write it down; null where no file can be chosen. */
  readonly chooseColumn: ((write: (text: string) => void) => void) | null;
  /** Change some fields. */
  change(changes: Partial<FormContent>): void;
  readonly trans: TranslationBundle;
}

/** The name that a job gets from its file, until it is given another. */
export function nameOfPath(path: string): string {
  const base = path.slice(path.lastIndexOf('/') + 1);
  const dot = base.lastIndexOf('.');
  return dot > 0 ? base.slice(0, dot) : base;
}

/** The changes that a new path brings: the name follows unless it was chosen. */
export function changesOfPath(
  content: FormContent,
  path: string
): Partial<FormContent> {
  const isFollowing =
    content.name === '' || content.name === nameOfPath(content.path);
  return isFollowing ? { path, name: nameOfPath(path) } : { path };
}
