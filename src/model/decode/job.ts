import type { Job, JobRow, JobSpec, Output, Task, Variable } from '../contract';
import { decodeArray, decodeDependency, decodeTaskCounts } from './array';
import { jobId, phase, reasonCode, substate, time } from './codes';
import {
  anything,
  DecodeError,
  dictionary,
  fieldsOf,
  flag,
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

const scriptFields = object<Omit<Extract<Task, { kind: 'script' }>, 'kind'>>({
  path: text,
  arguments: optional(list(text)),
  interpreter: optional(nullable(text))
});

const notebookFields = object<
  Omit<Extract<Task, { kind: 'notebook' }>, 'kind'>
>({
  path: text,
  parameters: optional(dictionary(anything)),
  kernel_name: optional(nullable(text)),
  output_path: optional(nullable(text))
});

/** Read what a job runs. */
const task: Decoder<Task> = (value, path) => {
  const { kind } = fieldsOf(value, path);
  switch (kind) {
    case 'command':
      return {
        kind,
        ...object<{ argv: string[] }>({ argv: list(text) })(value, path)
      };
    case 'script':
      return { kind, ...scriptFields(value, path) };
    case 'notebook':
      return { kind, ...notebookFields(value, path) };
    default:
      throw new DecodeError(`${path}.kind`, 'command | script | notebook');
  }
};

/** Read the specification of a job. */
export const decodeJobSpec: Decoder<JobSpec> = object<JobSpec>({
  name: text,
  task,
  environment: optional(
    object<NonNullable<JobSpec['environment']>>({
      kind: word({
        inherit: true,
        python: true,
        conda: true,
        modules: true,
        image: true
      }),
      path: optional(nullable(text)),
      name: optional(nullable(text)),
      names: optional(list(text)),
      variables: optional(
        dictionary(
          object<Variable>({ value: optional(text), from_file: optional(text) })
        )
      )
    })
  ),
  resources: object<JobSpec['resources']>({
    nodes: optional(integer),
    processes: optional(integer),
    cores: integer,
    memory_bytes: integer,
    scratch_bytes: optional(integer),
    walltime_seconds: integer,
    gpus: optional(integer)
  }),
  placement: optional(
    object<NonNullable<JobSpec['placement']>>({
      queue: optional(nullable(text)),
      account: optional(nullable(text)),
      qos: optional(nullable(text)),
      reservation: optional(nullable(text)),
      begin_at: optional(nullable(time)),
      features: optional(list(text))
    })
  ),
  files: optional(
    object<NonNullable<JobSpec['files']>>({
      working_directory: optional(nullable(text)),
      stdout_path: optional(nullable(text)),
      stderr_path: optional(nullable(text)),
      outputs: optional(list(text))
    })
  ),
  native: optional(dictionary(nullable(text))),
  array: optional(decodeArray),
  depends_on: optional(list(decodeDependency)),
  tags: optional(dictionary(text))
});

/** Read the row of a job. */
export const decodeJobRow: Decoder<JobRow> = object<JobRow>({
  id: jobId,
  gateway_id: text,
  native_id: nullable(text),
  name: text,
  phase,
  substate: nullable(substate),
  reason: nullable(reasonCode),
  reason_text: nullable(text),
  created_at: time,
  submitted_at: nullable(time),
  estimated_start_at: nullable(time),
  started_at: nullable(time),
  ended_at: nullable(time),
  queue: nullable(text),
  cores: integer,
  memory_bytes: integer,
  memory_peak_bytes: nullable(integer),
  walltime_seconds: integer,
  array: nullable(decodeTaskCounts),
  progress: nullable(
    object<NonNullable<JobRow['progress']>>({
      done: integer,
      total: nullable(integer),
      text
    })
  ),
  outputs_count: integer,
  tags: dictionary(text),
  revision: integer,
  seen: flag
});

const detail = object<Omit<Job, keyof JobRow>>({
  spec: decodeJobSpec,
  native_state: nullable(text),
  exit_code: nullable(integer),
  signal: nullable(integer),
  attempt: integer,
  resubmitted_from: nullable(jobId),
  source_path: nullable(text),
  usage: object<Job['usage']>({
    elapsed_seconds: nullable(number),
    cpu_seconds: nullable(number),
    memory_peak_bytes: nullable(integer),
    is_partial: flag
  }),
  outputs: list(
    object<Output>({
      path: text,
      contents_path: nullable(text),
      size_bytes: nullable(integer)
    })
  ),
  owner: text,
  account: nullable(text),
  run_directory: text,
  run_contents_path: nullable(text),
  node_directory: nullable(text),
  log_paths: object<Job['log_paths']>({ stdout: text, stderr: text }),
  stale_since: nullable(time)
});

/** Read a job with all its details. */
export const decodeJob: Decoder<Job> = (value, path) => ({
  ...decodeJobRow(value, path),
  ...detail(value, path)
});
