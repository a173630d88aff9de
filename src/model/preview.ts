import type { Submission, Task, Variable } from './contract';
import { writePython } from './literal';
import { formatDurationExactly, formatMemoryExactly } from './quantity';
import { quoteWord } from './words';

/** Write a submission as Python to copy into a notebook. */
export function toPython(submission: Submission): string {
  const { spec } = submission;
  const { resources, placement, files } = spec;
  const values: [string, unknown][] = [
    ...pythonTask(spec.task),
    ['name', spec.name],
    ['gateway', submission.gateway_id],
    ['cores', resources.cores],
    ['memory', formatMemoryExactly(resources.memory_bytes)],
    ['time', formatDurationExactly(resources.walltime_seconds)],
    ['queue', placement?.queue],
    ['account', placement?.account],
    ['working_directory', files?.working_directory],
    ['parameters', parametersOf(spec.task)],
    ['variables', variablesOf(submission, 'value')],
    ['variables_from_files', variablesOf(submission, 'from_file')]
  ];
  const lines = values
    .filter(([, value]) => !isEmpty(value))
    .map(([name, value]) => `    ${name}=${writePython(value)},`);
  return [
    'from jupyterlab_batch.client import Batch',
    '',
    'batch = Batch()',
    'job = batch.submit(',
    ...lines,
    ')'
  ].join('\n');
}

/** Write a submission as the line magic of the same job. */
export function toMagic(submission: Submission): string {
  const { spec } = submission;
  const { task, resources, placement, files } = spec;
  const options: [string, string | null | undefined][] = [
    ['--gateway', submission.gateway_id],
    ['-c', String(resources.cores)],
    ['--mem', formatMemoryExactly(resources.memory_bytes)],
    ['--time', formatDurationExactly(resources.walltime_seconds)],
    ['--name', spec.name],
    ['--queue', placement?.queue],
    ['--account', placement?.account],
    ['--chdir', files?.working_directory],
    ...magicDetails(task),
    ...Object.entries(parametersOf(task)).map(
      ([name, value]): [string, string] => [
        '-p',
        `${name}=${JSON.stringify(value)}`
      ]
    ),
    ...magicVariables('--env', variablesOf(submission, 'value')),
    ...magicVariables('--env-from', variablesOf(submission, 'from_file'))
  ];
  const words = options.flatMap(([name, value]) => writeOption(name, value));
  return ['%batch submit', ...magicTask(task, words)].join(' ');
}

function pythonTask(task: Task): [string, unknown][] {
  switch (task.kind) {
    case 'command':
      return [['command', task.argv]];
    case 'script':
      return [
        ['script', task.path],
        ['arguments', task.arguments],
        ['interpreter', task.interpreter]
      ];
    case 'notebook':
      return [
        ['notebook', task.path],
        ['kernel_name', task.kernel_name],
        ['output_path', task.output_path]
      ];
  }
}

function magicDetails(task: Task): [string, string | null | undefined][] {
  switch (task.kind) {
    case 'command':
      return [];
    case 'script':
      return [['--interpreter', task.interpreter]];
    case 'notebook':
      return [
        ['--kernel', task.kernel_name],
        ['--output', task.output_path]
      ];
  }
}

/** A value that begins with a dash must stand in one word with its option. */
function writeOption(name: string, value: string | null | undefined): string[] {
  if (!value) {
    return [];
  }
  return value.startsWith('-') && name.startsWith('--')
    ? [`${name}=${quoteWord(value)}`]
    : [name, quoteWord(value)];
}

function magicTask(task: Task, options: readonly string[]): string[] {
  switch (task.kind) {
    case 'command':
      return [...options, '--', ...task.argv.map(quoteWord)];
    case 'script': {
      const words = task.arguments ?? [];
      const last = words.length > 0 ? ['--', ...words.map(quoteWord)] : [];
      return [quoteWord(task.path), ...options, ...last];
    }
    case 'notebook':
      return [quoteWord(task.path), ...options];
  }
}

function parametersOf(task: Task): Record<string, unknown> {
  return task.kind === 'notebook' ? (task.parameters ?? {}) : {};
}

/** The variables whose value, or file, is given. */
function variablesOf(
  submission: Submission,
  by: keyof Variable
): Record<string, string> {
  const variables = submission.spec.environment?.variables ?? {};
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, variable]) => {
      const text = variable[by];
      return text === undefined ? [] : [[name, text]];
    })
  );
}

function magicVariables(
  option: string,
  variables: Readonly<Record<string, string>>
): [string, string][] {
  return Object.entries(variables).map(([name, text]) => [
    option,
    `${name}=${text}`
  ]);
}

function isEmpty(value: unknown): boolean {
  return (
    value === null ||
    value === undefined ||
    (typeof value === 'object' && Object.keys(value).length === 0)
  );
}
