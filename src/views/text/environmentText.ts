import type { TranslationBundle } from '@jupyterlab/translation';

import type { JobSpec } from '../../model/contract';
import { isSecretName } from '../../model/formEnvironment';

/** What is known under a name; null is shown as a dash. */
export type Fact = readonly [
  name: string,
  value: string | null,
  isCode?: boolean
];

type Environment = NonNullable<JobSpec['environment']>;
type Variable = NonNullable<Environment['variables']>[string];

/** So much of a value is shown; all of it is in the record. */
const MOST_CHARACTERS = 200;

/** What was to be set up before a job starts; nothing stands there for what every job has. */
export function environmentFacts(
  { environment }: JobSpec,
  trans: TranslationBundle
): Fact[] {
  const variables = Object.entries(environment?.variables ?? {});
  return [
    ...(environment ? kindFacts(environment, trans) : []),
    ...variables.map(([name, variable]): Fact => [
      trans.__('Variable %1', name),
      variableText(name, variable, trans),
      true
    ])
  ];
}

function kindFacts(
  { kind, path, name, names }: Environment,
  trans: TranslationBundle
): Fact[] {
  switch (kind) {
    case 'inherit':
      return [];
    case 'python':
      return [[trans.__('Python'), path ?? null, true]];
    case 'conda':
      return [[trans.__('Conda environment'), name ?? null, true]];
    case 'image':
      return [[trans.__('Container image'), name ?? null, true]];
    case 'modules':
      return [[trans.__('Modules'), (names ?? []).join(' '), true]];
  }
}

/** A value, or where it is from; one that may be a secret stays unseen. */
function variableText(
  name: string,
  { value, from_file }: Variable,
  trans: TranslationBundle
): string {
  if (from_file !== undefined) {
    return trans.__('from the file %1', from_file);
  }
  if (isSecretName(name)) {
    return trans.__('(not shown)');
  }
  const text = value ?? '';
  return text.length > MOST_CHARACTERS
    ? `${text.slice(0, MOST_CHARACTERS)}…`
    : text;
}
