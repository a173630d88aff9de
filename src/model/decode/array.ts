import type {
  ArrayTask,
  Dependency,
  JobArray,
  TaskCounts,
  TaskList
} from '../contract';
import { phase, reasonCode, time } from './codes';
import {
  anything,
  DecodeError,
  dictionary,
  flag,
  fieldsOf,
  integer,
  list,
  nullable,
  number,
  object,
  optional,
  text,
  word
} from './decoder';
import type { Decoder } from './decoder';

type ArrayOf<K extends JobArray['kind']> = Omit<
  Extract<JobArray, { kind: K }>,
  'kind'
>;

const common = {
  max_running: optional(nullable(integer)),
  only: optional(nullable(list(integer)))
};

const indexArray = object<ArrayOf<'index'>>({
  start: integer,
  stop: integer,
  step: optional(integer),
  ...common
});

const listArray = object<ArrayOf<'list'>>({
  indices: list(integer),
  ...common
});

const parameterArray = object<ArrayOf<'parameters'>>({
  mode: word({ product: true, zip: true }),
  parameters: dictionary(
    object<ArrayOf<'parameters'>['parameters'][string]>({
      values: optional(list(anything)),
      start: optional(integer),
      stop: optional(integer),
      step: optional(integer)
    })
  ),
  ...common
});

/** Read what the tasks of an array are. */
export const decodeArray: Decoder<JobArray> = (value, path) => {
  const { kind } = fieldsOf(value, path);
  switch (kind) {
    case 'index':
      return { kind, ...indexArray(value, path) };
    case 'list':
      return { kind, ...listArray(value, path) };
    case 'parameters':
      return { kind, ...parameterArray(value, path) };
    default:
      throw new DecodeError(`${path}.kind`, 'index | list | parameters');
  }
};

/** Read which job another waits for. */
export const decodeDependency: Decoder<Dependency> = object<Dependency>({
  job_id: text,
  when: word<Dependency['when']>({
    succeeded: true,
    finished: true,
    failed: true
  })
});

/** Read how many tasks of an array are in which phase. */
export const decodeTaskCounts: Decoder<TaskCounts> = object<TaskCounts>({
  size: integer,
  by_phase: dictionary(integer)
});

const task: Decoder<ArrayTask> = object<ArrayTask>({
  index: integer,
  parameters: dictionary(anything),
  phase,
  reason: nullable(reasonCode),
  reason_text: nullable(text),
  started_at: nullable(time),
  ended_at: nullable(time),
  exit_code: nullable(integer),
  signal: nullable(integer),
  attempt: integer,
  usage: object<ArrayTask['usage']>({
    elapsed_seconds: nullable(number),
    cpu_seconds: nullable(number),
    memory_peak_bytes: nullable(integer),
    is_partial: flag
  }),
  native_id: nullable(text)
});

/** Read a window of the tasks of an array. */
export const decodeTaskList: Decoder<TaskList> = object<TaskList>({
  total: integer,
  tasks: list(task)
});
