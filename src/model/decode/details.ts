import type { LogMatch, LogMatches } from '../contract';
import { integer, list, nullable, object } from './decoder';
import type { Decoder } from './decoder';

/** Read where something stands in a log. */
export const decodeLogMatches: Decoder<LogMatches> = object<LogMatches>({
  size: integer,
  matches: list(object<LogMatch>({ offset: integer, length: integer })),
  stopped_at: nullable(integer)
});
