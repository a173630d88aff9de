import { newForm, readForm } from './form';
import type { FormContent, VariableText } from './form';
import { isSecretName } from './formEnvironment';

/** How the name of a template ends. */
export const TEMPLATE_ENDING = '.batch.json';

const KIND = 'jupyterlab-batch template';
const VERSION = 1;

/** Write a form as a template: what differs from a new form, for people to read and to compare. */
export function writeTemplate(content: FormContent): string {
  const empty = new Map<string, unknown>(Object.entries(newForm()));
  const kept: FormContent = {
    ...content,
    edited_job: '',
    opened_script: '',
    opened_for: '',
    variables: content.variables.map(withoutSecret)
  };
  const form = Object.fromEntries(
    Object.entries(kept).filter(
      ([name, value]) =>
        name === 'kind' ||
        JSON.stringify(value) !== JSON.stringify(empty.get(name))
    )
  );
  return `${JSON.stringify({ kind: KIND, version: VERSION, form }, null, 2)}\n`;
}

/**
 * Read a template.
 *
 * @returns null if the text is none, or one of a newer version.
 */
export function readTemplate(text: string): FormContent | null {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) {
      return null;
    }
    throw error;
  }
  const { kind, version, form } = fieldsOf(read);
  return kind === KIND && version === VERSION ? readForm(fieldsOf(form)) : null;
}

/** A template is passed on: what looks like a secret stays behind. */
function withoutSecret(variable: VariableText): VariableText {
  return isSecretName(variable.name) && !variable.isFromFile
    ? { ...variable, value: '' }
    : variable;
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
