import type { Dependency, JobArray, Task } from './contract';
import { decodeArray, decodeDependency, DecodeError } from './decode';
import type { Decoder } from './decode';
import { isEnvironmentKind } from './formEnvironment';
import type { EnvironmentKind } from './formEnvironment';

/** What can be run. */
export type TaskKind = Task['kind'];

/** One variable of the environment as typed; a name can stand there twice while it is edited. */
export type VariableText = Readonly<{
  name: string;
  /** The value itself, or the file in which it stands. */
  value: string;
  isFromFile: boolean;
}>;

/** What the compose form holds: every field as typed, whatever it says. */
export type FormContent = Readonly<{
  kind: TaskKind;
  /** Of the notebook or script; kept while the kind is `command`. */
  path: string;
  /** The command line of a command, quoted as for a POSIX shell. */
  command: string;
  /** The arguments of a script, quoted likewise. */
  arguments: string;
  interpreter: string;
  kernel_name: string;
  output_path: string;
  /** What differs from the notebook's own values, by name: a literal, or several as `readCell` reads them. */
  parameters: Readonly<Record<string, string>>;
  /** What varies from task to task of a script or a command; a name can stand there twice. */
  varied: readonly Readonly<{ name: string; value: string }>[];
  /** How values that vary go together: each combination, or side by side. */
  mode: 'product' | 'zip';
  name: string;
  cores: string;
  memory: string;
  walltime: string;
  gateway_id: string;
  /** Empty: the gateway's default. */
  queue: string;
  account: string;
  qos: string;
  reservation: string;
  /** A moment in local time, `2026-11-28T18:00`; empty: at once. */
  begin_at: string;
  /** Of nodes, between commas or blanks. */
  features: string;
  nodes: string;
  processes: string;
  /** Space on a disk of each node. */
  scratch: string;
  /** Options of the batch system itself: `mail-type=END exclusive`. */
  native: string;
  working_directory: string;
  /** Files that the job is to leave, as words. */
  outputs: string;
  /** Where the logs go; empty: into the run directory. */
  stdout_path: string;
  stderr_path: string;
  /** What is set up before the job starts. */
  environment_kind: EnvironmentKind;
  /** Which one: a path, a name, or names of modules between blanks. */
  environment: string;
  variables: readonly VariableText[];
  /** Empty: none. */
  gpus: string;
  /** Which tasks, such as `0..99`; empty: a single job. */
  array: string;
  /** An array for which the form has no fields; it stands for `array`. */
  other_array: JobArray | null;
  /** At most so many tasks at a time; empty: as many as there is room for. */
  max_running: string;
  /** The jobs that it waits for. */
  depends_on: readonly Dependency[];
  /** Such as `lens, project=rubin`. */
  tags: string;
  /** The job that it was filled in from, to be submitted once more; empty: none. */
  edited_job: string;
  /** The script whose own lines it was filled in from; empty: none. */
  opened_script: string;
  /** The gateway for which these lines were read. */
  opened_for: string;
}>;

const EMPTY: FormContent = {
  kind: 'notebook',
  path: '',
  command: '',
  arguments: '',
  interpreter: '',
  kernel_name: '',
  output_path: '',
  parameters: {},
  varied: [],
  mode: 'product',
  name: '',
  cores: '1',
  memory: '1 GB',
  walltime: '1h',
  gateway_id: '',
  queue: '',
  account: '',
  qos: '',
  reservation: '',
  begin_at: '',
  features: '',
  nodes: '',
  processes: '',
  scratch: '',
  native: '',
  working_directory: '',
  outputs: '',
  stdout_path: '',
  stderr_path: '',
  environment_kind: 'inherit',
  environment: '',
  variables: [],
  gpus: '',
  array: '',
  other_array: null,
  max_running: '',
  depends_on: [],
  tags: '',
  edited_job: '',
  opened_script: '',
  opened_for: ''
};

/** A form as it opens: 1 core, 1 GB, 1 hour. */
export function newForm(changes: Partial<FormContent> = {}): FormContent {
  return { ...EMPTY, ...changes };
}

/** Read what was kept as a draft; what does not fit takes its value of a new form. */
export function readForm(
  content: Readonly<Record<string, unknown>>
): FormContent {
  const form = newForm();
  const texts = Object.fromEntries(
    Object.entries(form)
      .filter(([, value]) => typeof value === 'string')
      .map(([name, value]) => [name, orText(content[name], value)])
  );
  return {
    ...form,
    ...texts,
    kind: isKind(content.kind) ? content.kind : form.kind,
    environment_kind: isEnvironmentKind(content.environment_kind)
      ? content.environment_kind
      : form.environment_kind,
    parameters: readParameterTexts(content.parameters),
    mode: content.mode === 'zip' ? 'zip' : 'product',
    varied: readVariables(content.varied).map(({ name, value }) => ({
      name,
      value
    })),
    variables: readVariables(content.variables),
    other_array: readOr(decodeArray, content.other_array),
    depends_on: entriesOf(content.depends_on)
      .map(([, value]) => readOr(decodeDependency, value))
      .filter(value => value !== null)
  };
}

/** What the draft is called in a list: its name, else what it runs. */
export function titleOf(content: FormContent): string {
  const task = content.kind === 'command' ? content.command : content.path;
  return (content.name.trim() || task.trim()).slice(0, 300);
}

function orText(value: unknown, otherwise: unknown): unknown {
  return typeof value === 'string' ? value : otherwise;
}

/** Read a value of the contract; null if it is none. */
function readOr<T>(decoder: Decoder<T>, value: unknown): T | null {
  try {
    return decoder(value, '');
  } catch (error) {
    if (error instanceof DecodeError) {
      return null;
    }
    throw error;
  }
}

function isKind(value: unknown): value is TaskKind {
  return value === 'command' || value === 'script' || value === 'notebook';
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null
    ? Object.entries(value)
    : [];
}

function readParameterTexts(value: unknown): Record<string, string> {
  return Object.fromEntries(
    entriesOf(value).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string'
    )
  );
}

function readVariables(value: unknown): VariableText[] {
  return entriesOf(value).map(([, item]) => {
    const texts = new Map(entriesOf(item));
    return {
      name: String(orText(texts.get('name'), '')),
      value: String(orText(texts.get('value'), '')),
      isFromFile: texts.get('isFromFile') === true
    };
  });
}
