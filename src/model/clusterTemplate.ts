import type { ClusterTexts } from './clusterForm';
import { isSecretName } from './formEnvironment';

const KIND = 'jupyterlab-batch cluster template';
const VERSION = 1;

/** Write the form for a cluster as a template, for people to read and to compare. */
export function writeClusterTemplate(form: ClusterTexts): string {
  const template = { kind: KIND, version: VERSION, form };
  // A template is passed on: what looks like a secret stays behind.
  const withoutSecrets = (name: string, value: unknown): unknown =>
    typeof value === 'string' && isSecretName(name) ? '' : value;
  return `${JSON.stringify(template, withoutSecrets, 2)}\n`;
}

/**
 * Read the template of a cluster.
 *
 * @returns what the form was filled with; null if the text is none, or one of a newer version.
 */
export function readClusterTemplate(text: string): object | null {
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
  const isOne = kind === KIND && version === VERSION;
  return isOne && typeof form === 'object' ? form : null;
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
