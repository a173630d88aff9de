import type { SweepIssueCode } from './sweep';

/** Why a text cannot be sent; what can be sent is judged by the server. */
export type FormIssueCode =
  | 'required'
  | 'not_a_number'
  | 'not_a_decimal'
  | 'not_a_size'
  | 'not_pairs'
  | 'not_a_duration'
  | 'not_a_moment'
  | 'not_indices'
  | 'indices_and_values'
  | 'one_value_only'
  | 'different_lengths'
  | 'too_many_tasks'
  | 'unbalanced_quotes'
  | 'duplicate_name'
  | SweepIssueCode;

/** One field whose text cannot be sent. */
export type FormIssue = Readonly<{
  /** Path in the submission, as in the server's issues. */
  field: string;
  code: FormIssueCode;
  /** The number that was passed. */
  limit?: number;
}>;
