import type { JobSpec, Submission, Task, Variable } from './contract';
import { newForm } from './form';
import type { FormContent, VariableText } from './form';
import { fromEnvironment, toEnvironment } from './formEnvironment';
import type { FormIssue, FormIssueCode } from './formIssue';
import {
  fromNative,
  fromPlacement,
  fromSpread,
  toNative,
  toPlacement,
  toSpread
} from './formPlacement';
import { fromArray, NO_CONTEXT, readTasks } from './formTasks';
import type { FormContext, FormTasks } from './formTasks';
import { writePython } from './literal';
import {
  formatDurationExactly,
  formatMemoryExactly,
  parseCores,
  parseDuration,
  parseMemory
} from './quantity';
import { parseTags, writeTags } from './tags';
import { joinWords, splitWords } from './words';

export type { FormIssue, FormIssueCode } from './formIssue';

/** The submission that a form means, or why there is none. */
export type FormReading = Readonly<{
  /** Null while the text of a field cannot be sent. */
  submission: Submission | null;
  /** The same, only to be checked: a text that cannot be sent stands for nothing, or 0. */
  readable: Submission;
  issues: readonly FormIssue[];
}>;

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
export function toSubmission(
  content: FormContent,
  context: FormContext = NO_CONTEXT,
  tasks: FormTasks = readTasks(content, context)
): FormReading {
  const issues: FormIssue[] = [...tasks.issues];
  const spec: JobSpec = {
    name: content.name,
    task: toTask(content, tasks, issues),
    environment: {
      ...toEnvironment(content),
      variables: toVariables(content.variables, issues)
    },
    resources: {
      ...toResources(content, issues),
      ...toSpread(content, issues)
    },
    placement: toPlacement(content, issues),
    ...toNative(content.native, issues),
    files: toFiles(content, issues),
    ...(tasks.array ? { array: tasks.array } : {}),
    ...(content.depends_on.length > 0
      ? { depends_on: [...content.depends_on] }
      : {}),
    ...toTags(content.tags)
  };
  const readable = { gateway_id: content.gateway_id, spec };
  return { submission: issues.length > 0 ? null : readable, readable, issues };
}

/** Fill the form from a submission, for instance to submit a job once more. */
export function fromSubmission(submission: Submission): FormContent {
  const { gateway_id, spec } = submission;
  const { resources, placement, files, environment } = spec;
  const task = fromTask(spec.task);
  const array = fromArray(spec.array, spec.task.kind === 'notebook');
  return newForm({
    ...task,
    ...array,
    // In the order of the array: the last one varies fastest.
    parameters: { ...task.parameters, ...array.parameters },
    name: spec.name,
    cores: String(resources.cores),
    memory: formatMemoryExactly(resources.memory_bytes),
    walltime: formatDurationExactly(resources.walltime_seconds),
    gateway_id,
    ...fromPlacement(placement),
    working_directory: files?.working_directory ?? '',
    outputs: joinWords(files?.outputs ?? []),
    stdout_path: files?.stdout_path ?? '',
    stderr_path: files?.stderr_path ?? '',
    variables: Object.entries(environment?.variables ?? {}).map(
      ([name, { value, from_file }]) => ({
        name,
        value: from_file ?? value ?? '',
        isFromFile: from_file !== undefined
      })
    ),
    ...fromEnvironment(environment),
    ...fromSpread(resources),
    native: fromNative(spec.native),
    depends_on: spec.depends_on ?? [],
    tags: writeTags(spec.tags ?? {})
  });
}

function toFiles(
  content: FormContent,
  issues: FormIssue[]
): NonNullable<JobSpec['files']> {
  const outputs = toWords(content.outputs, 'spec.files.outputs', issues);
  return {
    working_directory: orNull(content.working_directory),
    ...(content.stdout_path.trim() ? { stdout_path: content.stdout_path } : {}),
    ...(content.stderr_path.trim() ? { stderr_path: content.stderr_path } : {}),
    ...(outputs.length > 0 ? { outputs } : {})
  };
}

function toTags(text: string): Pick<JobSpec, 'tags'> {
  const tags = parseTags(text);
  return Object.keys(tags).length > 0 ? { tags } : {};
}

function toTask(
  content: FormContent,
  tasks: FormTasks,
  issues: FormIssue[]
): Task {
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
        parameters: { ...tasks.fixed },
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
