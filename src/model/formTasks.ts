import { arraySize, parseIndices, writeIndices } from './array';
import type { JobArray } from './contract';
import type { FormContent } from './form';
import type { FormIssue } from './formIssue';
import type { Value } from './literal';
import { parseCores } from './quantity';
import {
  columnOf,
  MOST_VALUES,
  NO_TABLES,
  readCell,
  valuesOf,
  writeCell
} from './sweep';
import type { CellReading, Tables, TaskValues } from './sweep';

/** What a form is read with. */
export type FormContext = Readonly<{
  /** The files whose columns are named. */
  tables: Tables;
  /** The gateway takes so many tasks; null: not known, or none. */
  maxTasks: number | null;
}>;

export const NO_CONTEXT: FormContext = { tables: NO_TABLES, maxTasks: null };

/** One parameter of a form, and what its text says. */
export type FormCell = Readonly<{ name: string; reading: CellReading }>;

/** Which tasks a form means, and what each of them is given. */
export type FormTasks = Readonly<{
  cells: readonly FormCell[];
  /** Some parameters have one value for each task. */
  isVaried: boolean;
  /** Null of a single job, and while there are problems. */
  array: JobArray | null;
  /** How many tasks these would be, also if they are too many; null of a single job. */
  count: number | null;
  /** What all tasks are given alike. */
  fixed: Readonly<Record<string, Value>>;
  issues: readonly FormIssue[];
}>;

/** Where the problems of a parameter are said. */
export function fieldOfParameter(name: string): string {
  return `spec.task.parameters.${name}`;
}

/** Read which tasks a form means. Nothing is written out that the gateway would not take. */
export function readTasks(
  content: FormContent,
  context: FormContext = NO_CONTEXT
): FormTasks {
  const issues: FormIssue[] = [];
  const texts = textsOf(content);
  const cells = texts.map(([name, text]) => ({
    name,
    reading: readCell(text, context.tables)
  }));
  cells.forEach(({ name, reading }, at) => {
    if (reading.kind === 'issue') {
      const isEmpty = name === '' || texts[at][1].trim() === '';
      const code = isEmpty ? 'required' : reading.code;
      issues.push({ field: fieldOfParameter(name), code });
    }
  });
  issues.push(...namedTwice(cells));
  const isVaried = cells.some(({ reading }) => reading.kind === 'values');
  const given = { content, cells, isVaried, issues };
  const array = isVaried ? readVaried(given, context) : readIndices(given);
  const count = array && arraySize(array);
  const most = context.maxTasks ?? MOST_VALUES;
  if (count !== null && count > most) {
    issues.push({ field: 'spec.array', code: 'too_many_tasks', limit: most });
  }
  return {
    cells,
    isVaried,
    array: issues.length > 0 ? null : array && limited(array, content),
    count,
    fixed: content.kind === 'notebook' ? fixedOf(cells) : {},
    issues: [...issues, ...limitIssues(content, array)]
  };
}

/** Write the array of a submission into the fields of a form. */
export function fromArray(
  array: JobArray | undefined,
  isNotebook: boolean
): Partial<FormContent> {
  if (!array) {
    return {};
  }
  const { max_running, ...rest } = array;
  const max = { max_running: max_running ? String(max_running) : '' };
  const indices = writeIndices(array);
  if (indices !== null) {
    return { ...max, array: indices };
  }
  const texts =
    array.kind === 'parameters' && !array.only
      ? Object.entries(array.parameters).map(
          ([name, values]) => [name, writeSeveral(values)] as const
        )
      : [];
  const whole = texts.flatMap(([name, text]) =>
    text === null ? [] : [{ name, value: text }]
  );
  if (array.kind !== 'parameters' || whole.length === 0) {
    return { ...max, other_array: rest };
  }
  if (whole.length < Object.keys(array.parameters).length) {
    return { ...max, other_array: rest };
  }
  return {
    ...max,
    mode: array.mode,
    ...(isNotebook
      ? {
          parameters: Object.fromEntries(
            whole.map(({ name, value }) => [name, value])
          )
        }
      : { varied: whole })
  };
}

/** A list of one value would be read as that value: then the form cannot say it. */
function writeSeveral(values: TaskValues): string | null {
  const text = writeCell(values);
  return text !== null && readCell(text, NO_TABLES).kind === 'values'
    ? text
    : null;
}

function textsOf(content: FormContent): readonly (readonly [string, string])[] {
  return content.kind === 'notebook'
    ? Object.entries(content.parameters)
    : content.varied.map(({ name, value }) => [name, value]);
}

function* namedTwice(cells: readonly FormCell[]): Iterable<FormIssue> {
  const seen = new Set<string>();
  for (const { name } of cells) {
    if (seen.has(name)) {
      yield { field: fieldOfParameter(name), code: 'duplicate_name' };
    }
    seen.add(name);
  }
}

function fixedOf(cells: readonly FormCell[]): Record<string, Value> {
  return Object.fromEntries(
    cells.flatMap(({ name, reading }) =>
      reading.kind === 'value' ? [[name, reading.value]] : []
    )
  );
}

type Given = {
  content: FormContent;
  cells: readonly FormCell[];
  issues: FormIssue[];
};

/** The tasks over which parameters vary. */
function readVaried(
  { content, cells, issues }: Given,
  context: FormContext
): JobArray | null {
  if (content.array.trim() !== '' || content.other_array) {
    issues.push({ field: 'spec.array.indices', code: 'indices_and_values' });
  }
  const counts = cells.map(({ reading }) =>
    reading.kind === 'values' ? reading.count : null
  );
  const known = counts.filter(count => count !== null);
  if (content.mode === 'zip' && new Set(known).size > 1) {
    issues.push({ field: 'spec.array.mode', code: 'different_lengths' });
  }
  const isKept = content.kind !== 'notebook';
  const size = Math.min(...known, context.maxTasks ?? MOST_VALUES);
  const parameters = cells.flatMap(
    ({ name, reading }): [string, TaskValues][] => {
      if (reading.kind === 'values') {
        return [[name, reading.values]];
      }
      const [value] = valuesOf(reading);
      const times = content.mode === 'zip' ? size : 1;
      return isKept && reading.kind === 'value'
        ? [[name, { values: new Array(times).fill(value) }]]
        : [];
    }
  );
  return {
    kind: 'parameters',
    mode: content.mode,
    parameters: Object.fromEntries(parameters)
  };
}

/** The tasks that are chosen by their indices, if any are. */
function readIndices({ content, cells, issues }: Given): JobArray | null {
  if (content.kind !== 'notebook' && cells.length > 0 && issues.length === 0) {
    const { name } = cells[0];
    issues.push({ field: fieldOfParameter(name), code: 'one_value_only' });
  }
  if (content.other_array) {
    return content.other_array;
  }
  if (content.array.trim() === '') {
    return null;
  }
  const array = parseIndices(content.array);
  if (array === null) {
    issues.push({ field: 'spec.array', code: 'not_indices' });
  }
  return array;
}

function limited(array: JobArray, { max_running }: FormContent): JobArray {
  const most = parseCores(max_running);
  return most === null ? array : { ...array, max_running: most };
}

function limitIssues(
  { max_running }: FormContent,
  array: JobArray | null
): FormIssue[] {
  const isWrong =
    array !== null &&
    max_running.trim() !== '' &&
    parseCores(max_running) === null;
  return isWrong
    ? [{ field: 'spec.array.max_running', code: 'not_a_number' }]
    : [];
}

/** The files whose columns a form names. */
export function filesOf(content: FormContent): readonly string[] {
  const paths = textsOf(content).map(([, text]) => columnOf(text)?.path ?? '');
  return [...new Set(paths.filter(Boolean))];
}
