import type { JobArray, JobSpec, Submission, Task, Variable } from './contract';
import { Code, writeCode, writePython } from './literal';
import { isBeyondMagic, magicPlace, pythonPlace } from './previewPlace';
import { formatDurationExactly, formatMemoryExactly } from './quantity';
import { quoteWord } from './words';

/**
 * Write a submission as Python to copy into a notebook.
 *
 * @returns null if Python has no words for it.
 */
export function toPython(submission: Submission): string | null {
  const { spec } = submission;
  if (isSomeOfVaried(spec)) {
    return null;
  }
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
    ...pythonPlace(spec),
    ['working_directory', files?.working_directory],
    ['outputs', files?.outputs],
    ['stdout_path', files?.stdout_path],
    ['stderr_path', files?.stderr_path],
    ['parameters', parametersOf(spec.task)],
    ['variables', variablesOf(submission, 'value')],
    ['variables_from_files', variablesOf(submission, 'from_file')],
    ...pythonTasks(spec),
    ['tags', pythonTags(spec.tags ?? {})]
  ];
  const lines = values
    .filter(([, value]) => !isEmpty(value))
    .map(([name, value]) => `    ${name}=${writeCode(value)},`);
  return [
    ...(placement?.begin_at ? ['from datetime import datetime', ''] : []),
    'from jupyterlab_batch.client import Batch',
    '',
    'batch = Batch()',
    'job = batch.submit(',
    ...lines,
    ')'
  ].join('\n');
}

/**
 * Write a submission as the line magic of the same job.
 *
 * @returns null if the magic has no words for it.
 */
export function toMagic(submission: Submission): string | null {
  const { spec } = submission;
  if (isSomeOfVaried(spec) || isBeyondMagic(spec)) {
    return null;
  }
  const { task, resources, placement } = spec;
  const options: [string, string | null | undefined][] = [
    ['--gateway', submission.gateway_id],
    ['-c', String(resources.cores)],
    ['--mem', formatMemoryExactly(resources.memory_bytes)],
    ['--time', formatDurationExactly(resources.walltime_seconds)],
    ['--name', spec.name],
    ...magicTasks(spec),
    ...Object.entries(spec.tags ?? {}).map(
      ([name, value]): [string, string] => [
        '--tag',
        value === '' ? name : `${name}=${value}`
      ]
    ),
    ['--queue', placement?.queue],
    ['--account', placement?.account],
    ...magicPlace(spec),
    ...magicFiles(spec),
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

function magicFiles({ files }: JobSpec): [string, string | null | undefined][] {
  return [
    ['--chdir', files?.working_directory],
    ...(files?.outputs ?? []).map((name): [string, string] => [
      '--outputs',
      name
    ]),
    ['--stdout', files?.stdout_path],
    ['--stderr', files?.stderr_path]
  ];
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

/** A list of names where none of them has a value. */
function pythonTags(tags: Readonly<Record<string, string>>): unknown {
  return Object.values(tags).some(Boolean) ? tags : Object.keys(tags);
}

type Values = Extract<JobArray, { kind: 'parameters' }>['parameters'][string];

/** Neither client nor magic has words for some tasks of those that vary: they must not be left out. */
function isSomeOfVaried({ array }: JobSpec): boolean {
  return array?.kind === 'parameters' && Boolean(array.only);
}

/** The GPUs, the array and the dependencies as the client takes them. */
function pythonTasks(spec: JobSpec): [string, unknown][] {
  const { array, resources, depends_on } = spec;
  const after = (depends_on ?? []).map(({ job_id, when }) => [job_id, when]);
  const values: [string, unknown][] = [['gpus', resources.gpus || null]];
  if (array?.kind === 'parameters') {
    values.push(['vary', pythonVary(array.parameters)]);
    values.push(['together', array.mode === 'zip' || null]);
  } else if (array) {
    values.push(['array', array.only ?? indicesText(array, ', ')]);
  }
  values.push(['max_running', array?.max_running]);
  values.push(['after', Object.fromEntries(after)]);
  return values;
}

function pythonVary(parameters: Readonly<Record<string, Values>>): Code {
  const written = Object.entries(parameters).map(
    ([name, { values, start = 0, stop = -1, step = 1 }]) => {
      const by = step === 1 ? '' : `, ${step}`;
      const range = `range(${start}, ${stop + 1}${by})`;
      return `${writePython(name)}: ${values ? writePython(values) : range}`;
    }
  );
  return new Code(`{${written.join(', ')}}`);
}

function magicTasks(spec: JobSpec): [string, string | null | undefined][] {
  const { array, resources, depends_on } = spec;
  const { gpus } = resources;
  return [
    ['--gpus', gpus ? String(gpus) : null],
    ...(array ? magicArray(array) : []),
    ['--max-running', array?.max_running ? String(array.max_running) : null],
    ...(depends_on ?? []).map(({ job_id, when }): [string, string] => [
      '--after',
      when === 'succeeded' ? job_id : `${job_id}:${when}`
    ])
  ];
}

function magicArray(array: JobArray): [string, string][] {
  if (array.kind !== 'parameters') {
    return [['--array', array.only?.join(',') ?? indicesText(array, ',')]];
  }
  const varied = Object.entries(array.parameters).map(
    ([name, values]): [string, string] => [
      '--vary',
      `${name}=${values.values ? JSON.stringify(values.values) : rangeText(values)}`
    ]
  );
  return array.mode === 'zip' ? [...varied, ['--together', FLAG]] : varied;
}

function rangeText({ start = 0, stop = -1, step = 1 }: Values): string {
  return `${start}..${stop}${step === 1 ? '' : `:${step}`}`;
}

/** The indices as client and magic take them. */
function indicesText(
  array: Exclude<JobArray, { kind: 'parameters' }>,
  separator: string
): string {
  if (array.kind === 'list') {
    return array.indices.join(separator);
  }
  const step = array.step ?? 1;
  return `${array.start}-${array.stop}${step === 1 ? '' : `:${step}`}`;
}

/** Stands for the value of an option that has none. */
const FLAG = '\0';

/** A value that begins with a dash must stand in one word with its option. */
function writeOption(name: string, value: string | null | undefined): string[] {
  if (!value) {
    return [];
  }
  if (value === FLAG) {
    return [name];
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
