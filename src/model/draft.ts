import { parseIndices, writeIndices } from './array';
import type { JobArray, JobSpec, Submission, Task, Variable } from './contract';
import { newForm } from './form';
import type { FormContent, VariableText } from './form';
import { parseValue, writePython } from './literal';
import {
  formatDurationExactly,
  formatMemoryExactly,
  parseCores,
  parseDuration,
  parseMemory
} from './quantity';
import { parseTags, writeTags } from './tags';
import { joinWords, splitWords } from './words';

/** Why a text cannot be sent; what can be sent is judged by the server. */
export type FormIssueCode =
  | 'required'
  | 'not_a_number'
  | 'not_a_size'
  | 'not_a_duration'
  | 'not_a_value'
  | 'not_indices'
  | 'unbalanced_quotes'
  | 'duplicate_name';

/** One field whose text cannot be sent. */
export type FormIssue = Readonly<{
  /** Path in the submission, as in the server's issues. */
  field: string;
  code: FormIssueCode;
}>;

/** The submission that a form means, or why there is none. */
export type FormReading =
  | { readonly submission: Submission; readonly issues: readonly [] }
  | { readonly submission: null; readonly issues: readonly FormIssue[] };

/**
 * Make the key of a new draft, under which it is submitted at most once.
 *
 * Mint it with the draft and send it on every try.
 */
export function newDraftKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
}

/** Read the form as a submission. Only texts that cannot be sent are issues here. */
export function toSubmission(content: FormContent): FormReading {
  const issues: FormIssue[] = [];
  const spec: JobSpec = {
    name: content.name,
    task: toTask(content, issues),
    environment: {
      kind: 'inherit',
      variables: toVariables(content.variables, issues)
    },
    resources: {
      ...toResources(content, issues),
      ...toGpus(content.gpus, issues)
    },
    placement: {
      queue: orNull(content.queue),
      account: orNull(content.account)
    },
    files: { working_directory: orNull(content.working_directory) },
    ...toTasks(content, issues),
    ...toTags(content.tags)
  };
  return issues.length > 0
    ? { submission: null, issues }
    : { submission: { gateway_id: content.gateway_id, spec }, issues: [] };
}

/** Fill the form from a submission, for instance to submit a job once more. */
export function fromSubmission(submission: Submission): FormContent {
  const { gateway_id, spec } = submission;
  const { resources, placement, files, environment } = spec;
  return newForm({
    ...fromTask(spec.task),
    name: spec.name,
    cores: String(resources.cores),
    memory: formatMemoryExactly(resources.memory_bytes),
    walltime: formatDurationExactly(resources.walltime_seconds),
    gateway_id,
    queue: placement?.queue ?? '',
    account: placement?.account ?? '',
    working_directory: files?.working_directory ?? '',
    variables: Object.entries(environment?.variables ?? {}).map(
      ([name, { value, from_file }]) => ({
        name,
        value: from_file ?? value ?? '',
        isFromFile: from_file !== undefined
      })
    ),
    gpus: resources.gpus ? String(resources.gpus) : '',
    ...fromArray(spec.array),
    depends_on: spec.depends_on ?? [],
    tags: writeTags(spec.tags ?? {})
  });
}

/** What makes it many tasks, and what it waits for; nothing of a single job that waits for none. */
function toTasks(
  content: FormContent,
  issues: FormIssue[]
): Pick<JobSpec, 'array' | 'depends_on'> {
  const array = toArray(content, issues);
  return {
    ...(array ? { array } : {}),
    ...(content.depends_on.length > 0
      ? { depends_on: [...content.depends_on] }
      : {})
  };
}

function toTags(text: string): Pick<JobSpec, 'tags'> {
  const tags = parseTags(text);
  return Object.keys(tags).length > 0 ? { tags } : {};
}

function toArray(content: FormContent, issues: FormIssue[]): JobArray | null {
  const { array: text, other_array, max_running } = content;
  if (other_array === null && text.trim() === '') {
    return null;
  }
  const array = other_array ?? parseIndices(text);
  if (array === null) {
    issues.push({ field: 'spec.array', code: 'not_indices' });
    return null;
  }
  const most = parseCores(max_running);
  if (most === null && max_running.trim() !== '') {
    issues.push({ field: 'spec.array.max_running', code: 'not_a_number' });
  }
  return most === null ? array : { ...array, max_running: most };
}

function fromArray(
  array: JobArray | undefined
): Pick<FormContent, 'array' | 'other_array' | 'max_running'> {
  if (!array) {
    return { array: '', other_array: null, max_running: '' };
  }
  const { max_running, ...rest } = array;
  const text = writeIndices(array);
  return {
    array: text ?? '',
    other_array: text === null ? rest : null,
    max_running: max_running ? String(max_running) : ''
  };
}

function toGpus(
  text: string,
  issues: FormIssue[]
): Pick<JobSpec['resources'], 'gpus'> {
  const gpus = parseCores(text);
  if (gpus === null && text.trim() !== '') {
    issues.push({ field: 'spec.resources.gpus', code: 'not_a_number' });
  }
  return gpus === null ? {} : { gpus };
}

function toTask(content: FormContent, issues: FormIssue[]): Task {
  switch (content.kind) {
    case 'command':
      return {
        kind: 'command',
        argv: toWords(content.command, 'spec.task.argv', issues)
      };
    case 'script':
      return {
        kind: 'script',
        path: content.path,
        arguments: toWords(content.arguments, 'spec.task.arguments', issues),
        interpreter: orNull(content.interpreter)
      };
    case 'notebook':
      return {
        kind: 'notebook',
        path: content.path,
        parameters: toParameters(content.parameters, issues),
        kernel_name: orNull(content.kernel_name),
        output_path: orNull(content.output_path)
      };
  }
}

function fromTask(task: Task): Partial<FormContent> {
  switch (task.kind) {
    case 'command':
      return { kind: 'command', command: joinWords(task.argv) };
    case 'script':
      return {
        kind: 'script',
        path: task.path,
        arguments: joinWords(task.arguments ?? []),
        interpreter: task.interpreter ?? ''
      };
    case 'notebook':
      return {
        kind: 'notebook',
        path: task.path,
        parameters: Object.fromEntries(
          Object.entries(task.parameters ?? {}).map(([name, value]) => [
            name,
            writePython(value)
          ])
        ),
        kernel_name: task.kernel_name ?? '',
        output_path: task.output_path ?? ''
      };
  }
}

/** Read what a job may use; 0 stands for a text that cannot be sent. */
export function toResources(
  content: Pick<FormContent, 'cores' | 'memory' | 'walltime'>,
  issues: FormIssue[]
): JobSpec['resources'] {
  const read = (
    text: string,
    name: string,
    parse: (text: string) => number | null,
    code: FormIssueCode
  ): number => {
    const value = parse(text);
    if (value === null) {
      issues.push({
        field: `spec.resources.${name}`,
        code: text.trim() === '' ? 'required' : code
      });
    }
    return value ?? 0;
  };
  return {
    cores: read(content.cores, 'cores', parseCores, 'not_a_number'),
    memory_bytes: read(
      content.memory,
      'memory_bytes',
      parseMemory,
      'not_a_size'
    ),
    walltime_seconds: read(
      content.walltime,
      'walltime_seconds',
      parseDuration,
      'not_a_duration'
    )
  };
}

function toWords(text: string, field: string, issues: FormIssue[]): string[] {
  const { words, error } = splitWords(text);
  if (error) {
    issues.push({ field, code: error });
  }
  return [...(words ?? [])];
}

function toParameters(
  texts: FormContent['parameters'],
  issues: FormIssue[]
): Record<string, unknown> {
  const values: [string, unknown][] = [];
  for (const [name, text] of Object.entries(texts)) {
    const value = parseValue(text);
    if (value === undefined) {
      issues.push({
        field: `spec.task.parameters.${name}`,
        code: text.trim() === '' ? 'required' : 'not_a_value'
      });
    }
    values.push([name, value]);
  }
  return Object.fromEntries(values);
}

function toVariables(
  variables: readonly VariableText[],
  issues: FormIssue[]
): Record<string, Variable> {
  const values = new Map<string, Variable>();
  for (const { name, value, isFromFile } of variables) {
    if (values.has(name)) {
      issues.push({
        field: `spec.environment.variables.${name}`,
        code: 'duplicate_name'
      });
    }
    values.set(name, isFromFile ? { from_file: value } : { value });
  }
  return Object.fromEntries(values);
}

function orNull(text: string): string | null {
  return text.trim() === '' ? null : text;
}
