import type {
  ActionResult,
  Changes,
  Check,
  Draft,
  ImportedLine,
  ImportedSpec,
  Issue,
  JobActionResult,
  JobCounts,
  JobList,
  Preview,
  Problem,
  Similar,
  TaskRefusal
} from '../contract';
import { decodeAllocation, decodeCost } from './allocation';
import { issueCode, jobId, problemCode, time } from './codes';
import {
  anything,
  dictionary,
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
import { decodeJobRow, decodeJobSpec } from './job';

/** Read how many jobs there are in each group. */
export const decodeJobCounts: Decoder<JobCounts> = object<JobCounts>({
  needs_you: integer,
  running: integer,
  queued: integer,
  finished: integer
});

/** Read a window of jobs. */
export const decodeJobList: Decoder<JobList> = object<JobList>({
  store_id: text,
  seq: integer,
  clusters_seq: integer,
  total: integer,
  counts: decodeJobCounts,
  finished_today: nullable(integer),
  phases: dictionary(integer),
  rows: list(decodeJobRow),
  cursor: nullable(text)
});

/** Read what changed. */
export const decodeChanges: Decoder<Changes> = object<Changes>({
  store_id: text,
  seq: integer,
  gateways_seq: integer,
  clusters_seq: integer,
  counts: decodeJobCounts,
  finished_today: nullable(integer),
  rows: list(decodeJobRow),
  more: flag
});

/** Read what came of an action. */
export const decodeActionResult: Decoder<ActionResult> = object<ActionResult>({
  outcome: word<ActionResult['outcome']>({
    ok: true,
    already_final: true,
    denied: true,
    error: true
  }),
  message: nullable(text),
  refused_tasks: list(
    object<TaskRefusal>({ task_indices: list(integer), message: text })
  ),
  row: decodeJobRow
});

/** Read what came of one action on many jobs. */
export const decodeActionResults = object<{ results: JobActionResult[] }>({
  results: list(
    object<JobActionResult>({
      job_id: jobId,
      outcome: word<JobActionResult['outcome']>({
        ok: true,
        already_final: true,
        denied: true,
        not_found: true,
        error: true
      }),
      message: nullable(text),
      row: nullable(decodeJobRow)
    })
  )
});

/** Read what is wrong with one field. */
export const decodeIssue: Decoder<Issue> = object<Issue>({
  field: text,
  severity: word<Issue['severity']>({ error: true, warning: true }),
  code: issueCode,
  message: text,
  limit: nullable(integer)
});

/** Read what would come of a submission. */
export const decodeCheck: Decoder<Check> = object<Check>({
  issues: list(decodeIssue),
  similar: nullable(
    object<Similar>({
      jobs: integer,
      max_elapsed_seconds: nullable(number),
      max_memory_bytes: nullable(integer)
    })
  ),
  preview: nullable(object<Preview>({ script: text, request: text })),
  cost: nullable(decodeCost),
  allocation_left: nullable(decodeAllocation),
  limits: list(decodeAllocation)
});

const importedLines = list(
  object<ImportedLine>({
    line: integer,
    option: text,
    value: nullable(text),
    field: nullable(text),
    reason: nullable(text),
    is_invalid: flag
  })
);

/** Read what became of a script. */
export const decodeImportedSpec: Decoder<ImportedSpec> = object<ImportedSpec>({
  spec: decodeJobSpec,
  taken: importedLines,
  passed_on: importedLines,
  refused: importedLines,
  assumed: list(text)
});

/** Read a draft. */
export const decodeDraft: Decoder<Draft> = object<Draft>({
  key: text,
  title: text,
  content: dictionary(anything),
  updated_at: time,
  sent: flag,
  job_id: nullable(jobId)
});

/** Read the list of drafts. */
export const decodeDraftList = object<{ drafts: Draft[] }>({
  drafts: list(decodeDraft)
});

/** Read a problem, the one shape of all errors. */
export const decodeProblem: Decoder<Problem> = object<Problem>({
  message: text,
  code: problemCode,
  field: nullable(text),
  gateway_id: nullable(text),
  retry_after_seconds: nullable(number),
  detail: list(decodeIssue)
});

/** What the pushed event says: that there may be changes. */
export type ChangeHint = Readonly<{ store_id: string; seq: number }>;

/** Read the pushed event; whoever is signed in can forge it. */
export const decodeChangeHint: Decoder<ChangeHint> = object<ChangeHint>({
  store_id: text,
  seq: integer
});
