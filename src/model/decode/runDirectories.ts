import type {
  RemovalResult,
  RunDirectory,
  RunDirectoryList
} from '../contract';
import { time } from './codes';
import { flag, integer, list, nullable, object, text, word } from './decoder';
import type { Decoder } from './decoder';

/** Read a window of run directories. */
export const decodeRunDirectoryList: Decoder<RunDirectoryList> =
  object<RunDirectoryList>({
    rows: list(
      object<RunDirectory>({
        path: text,
        job_id: text,
        name: text,
        size_bytes: nullable(integer),
        created_at: time,
        is_over: flag,
        is_forgotten: flag
      })
    ),
    cursor: nullable(text)
  });

/** Read what came of each run directory that was to be removed. */
export const decodeRemovalResults = object<{ results: RemovalResult[] }>({
  results: list(
    object<RemovalResult>({
      job_id: text,
      outcome: word({ ok: true, denied: true, not_found: true, error: true }),
      message: nullable(text)
    })
  )
});
