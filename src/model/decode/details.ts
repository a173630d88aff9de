import type {
  CodeVersion,
  Histogram,
  JobEvent,
  JobEvents,
  JobFile,
  JobFiles,
  JobRecord,
  LogMatch,
  LogMatches,
  PythonEnvironment,
  TaskCause,
  TaskCauses,
  TaskPhases,
  TaskRun,
  TaskUsage
} from '../contract';
import { phase, reasonCode, time } from './codes';
import {
  flag,
  integer,
  list,
  nullable,
  number,
  object,
  text,
  word
} from './decoder';
import type { Decoder } from './decoder';
import { decodeJob } from './job';

/** Read where something stands in a log. */
export const decodeLogMatches: Decoder<LogMatches> = object<LogMatches>({
  size: integer,
  matches: list(object<LogMatch>({ offset: integer, length: integer })),
  stopped_at: nullable(integer)
});

/** Read where the tasks of an array are. */
export const decodeTaskPhases: Decoder<TaskPhases> = object<TaskPhases>({
  size: integer,
  runs: list(object<TaskRun>({ phase, count: integer }))
});

/** Read why tasks of an array failed. */
export const decodeTaskCauses: Decoder<TaskCauses> = object<TaskCauses>({
  failed: integer,
  causes: list(
    object<TaskCause>({
      reason: nullable(reasonCode),
      exit_code: nullable(integer),
      signal: nullable(integer),
      exception: nullable(text),
      line: nullable(text),
      count: integer,
      task_indices: list(integer),
      logs_read: integer,
      memory_peak_bytes: nullable(integer),
      elapsed_seconds: nullable(number)
    })
  )
});

const histogram = nullable(
  object<Histogram>({
    asked: number,
    known: integer,
    median: number,
    most: number,
    width: number,
    counts: list(integer),
    failed: list(integer)
  })
);

/** Read what the tasks of an array used. */
export const decodeTaskUsage: Decoder<TaskUsage> = object<TaskUsage>({
  tasks: integer,
  memory_bytes: histogram,
  elapsed_seconds: histogram,
  cores: histogram
});

/** Read what lies in a folder of a run directory. */
export const decodeJobFiles: Decoder<JobFiles> = object<JobFiles>({
  total: integer,
  is_more: flag,
  is_nothing_seen: flag,
  files: list(
    object<JobFile>({
      name: text,
      path: text,
      kind: word({ folder: true, file: true, other: true }),
      size_bytes: nullable(integer),
      modified_at: nullable(time),
      contents_path: nullable(text)
    })
  )
});

const events = list(
  object<JobEvent>({
    at: time,
    phase,
    attempt: integer,
    reason: nullable(reasonCode),
    reason_text: nullable(text)
  })
);

/** Read what happened to a job. */
export const decodeJobEvents: Decoder<JobEvents> = object<JobEvents>({
  events
});

/** Read the provenance of a job. */
export const decodeRecord: Decoder<JobRecord> = object<JobRecord>({
  version: text,
  job: decodeJob,
  events,
  code: nullable(
    object<CodeVersion>({
      root: text,
      commit: nullable(text),
      branch: nullable(text),
      is_dirty: nullable(flag),
      remote: nullable(text),
      captured_at: time
    })
  ),
  environment: nullable(
    object<PythonEnvironment>({
      prefix: text,
      python_version: text,
      packages: list(text),
      captured_at: time
    })
  )
});
