import type { JobSpec } from './contract';
import type { FormContent } from './form';

type Environment = NonNullable<JobSpec['environment']>;

const SECRET =
  /TOKEN|SECRET|PASSW|PASSPHRASE|CREDENTIAL|APIKEY|(^|_)KEYS?($|_)/i;

/** What a job can find set up as it starts. */
export type EnvironmentKind = Environment['kind'];

/** Read the environment that is asked for, without its variables. */
export function toEnvironment(
  content: Pick<FormContent, 'environment_kind' | 'environment'>
): Omit<Environment, 'variables'> {
  const text = content.environment.trim();
  switch (content.environment_kind) {
    case 'python':
      return { kind: 'python', path: text };
    case 'conda':
      return { kind: 'conda', name: text };
    case 'image':
      return { kind: 'image', name: text };
    case 'modules':
      return { kind: 'modules', names: text.split(/[\s,]+/).filter(Boolean) };
    case 'inherit':
      return { kind: 'inherit' };
  }
}

/** Write an environment into the fields of a form. */
export function fromEnvironment(
  environment: Environment | undefined
): Pick<FormContent, 'environment_kind' | 'environment'> {
  const kind = environment?.kind ?? 'inherit';
  const texts: Readonly<Record<EnvironmentKind, string>> = {
    inherit: '',
    python: environment?.path ?? '',
    conda: environment?.name ?? '',
    image: environment?.name ?? '',
    modules: (environment?.names ?? []).join(' ')
  };
  return { environment_kind: kind, environment: texts[kind] };
}

/** Whether a word is a kind of environment. */
export function isEnvironmentKind(value: unknown): value is EnvironmentKind {
  const kinds: unknown[] = ['inherit', 'python', 'conda', 'modules', 'image'];
  return kinds.includes(value);
}

/** Whether a variable is named as one whose value nobody else should see. */
export function isSecretName(name: string): boolean {
  return SECRET.test(name);
}
