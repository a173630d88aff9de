import type {
  ChangeableField,
  IssueCode,
  JobRow,
  OptionalField,
  Phase,
  ProblemCode,
  ReasonCode
} from '../contract';
import { DecodeError, knownWords, text, word } from './decoder';
import type { Decoder } from './decoder';

/** Read a phase. */
export const phase = word<Phase>({
  PENDING: true,
  HELD: true,
  QUEUED: true,
  EXECUTING: true,
  SUSPENDED: true,
  COMPLETED: true,
  ERROR: true,
  ABORTED: true,
  UNKNOWN: true,
  ARCHIVED: true
});

/** Read what can be changed of a job. */
export const changeableFields = knownWords<ChangeableField>({
  walltime_seconds: true,
  nice: true,
  comment: true
});

/** Read why a job is where it is. */
export const reasonCode = word<ReasonCode>(
  {
    resources: true,
    priority: true,
    limit_jobs: true,
    limit_resources: true,
    dependency: true,
    held_by_user: true,
    held_by_admin: true,
    queue_unavailable: true,
    begin_time: true,
    submit_refused: true,
    answer_lost: true,
    walltime: true,
    memory: true,
    exit_nonzero: true,
    signal: true,
    cell_error: true,
    tasks_failed: true,
    launch_failed: true,
    node: true,
    preempted: true,
    cancelled_by_user: true,
    cancelled_by_admin: true,
    lost: true,
    duplicate: true,
    other: true
  },
  'other'
);

/** Read the fields that not every batch system can honour. */
export const optionalFields = knownWords<OptionalField>({
  'environment.python': true,
  'environment.conda': true,
  'environment.modules': true,
  'environment.image': true,
  'placement.qos': true,
  'placement.reservation': true,
  'placement.begin_at': true,
  'placement.features': true,
  'resources.nodes': true,
  'resources.processes': true,
  'resources.scratch_bytes': true
});

/** Read what is wrong with a field. */
export const issueCode = word<IssueCode>(
  {
    required: true,
    unknown_field: true,
    wrong_type: true,
    out_of_range: true,
    too_long: true,
    control_character: true,
    not_found: true,
    not_a_file: true,
    not_readable: true,
    not_writable: true,
    not_a_notebook: true,
    unknown_kernel: true,
    unknown_gateway: true,
    unknown_queue: true,
    unknown_account: true,
    unknown_qos: true,
    unknown_reservation: true,
    unknown_feature: true,
    bad_variable_name: true,
    bad_tag: true,
    secret_literal: true,
    source_changed: true,
    over_machine: true,
    over_queue: true,
    over_qos: true,
    over_allocation: true,
    not_allowed: true,
    in_the_past: true,
    unknown_job: true,
    never_starts: true,
    not_supported: true,
    gateway_refused: true
  },
  'not_supported'
);

/** Read what went wrong. */
export const problemCode = word<ProblemCode>(
  {
    bad_request: true,
    not_json: true,
    too_large: true,
    unauthenticated: true,
    forbidden: true,
    not_found: true,
    unknown_job: true,
    unknown_gateway: true,
    unknown_draft: true,
    unknown_cluster: true,
    key_missing: true,
    key_in_flight: true,
    key_reused: true,
    job_forgotten: true,
    cluster_forgotten: true,
    not_final: true,
    not_running: true,
    not_valid: true,
    warnings: true,
    gateway_refused: true,
    gateway_unreachable: true,
    gateway_not_signed_in: true,
    log_not_readable: true,
    file_not_readable: true,
    store_changed: true,
    too_many_drafts: true,
    store_unavailable: true,
    store_of_newer_version: true,
    internal: true
  },
  'bad_request'
);

/** Read what is happening within a phase. */
export const substate = word<NonNullable<JobRow['substate']>>({
  starting: true,
  finishing: true,
  cancelling: true
});

/** Read a time: RFC 3339 in UTC. */
export const time: Decoder<string> = (value, path) => {
  const written = text(value, path);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)$/.test(written)) {
    throw new DecodeError(path, 'a time in UTC');
  }
  return written;
};

/** Read the id of a job. */
export const jobId: Decoder<string> = (value, path) => {
  const written = text(value, path);
  if (!/^[0-9a-z]{26}$/.test(written)) {
    throw new DecodeError(path, 'a job id');
  }
  return written;
};
