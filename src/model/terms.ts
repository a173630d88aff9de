import type { ChangeableField, JobPatch, SignalName } from './contract';
import { parseDuration } from './quantity';

/** The server takes at most ten years. */
const MOST_SECONDS = 315_360_000;

/** As far from 0 as Slurm takes it. */
const MOST_NICE = 2_147_483_645;

/** The server takes a comment of so many characters. */
const MOST_CHARACTERS = 1_000;

/** In the order in which they are asked for. */
export const CHANGEABLE_FIELDS: readonly ChangeableField[] = [
  'walltime_seconds',
  'nice',
  'comment'
];

/** From the gentlest to the one that is hardest to resist. */
export const SIGNAL_NAMES: readonly SignalName[] = [
  'USR1',
  'USR2',
  'INT',
  'TERM',
  'HUP',
  'QUIT',
  'CONT'
];

/** What is to be different in a job, as typed; what is empty stays as it is. */
export type TermTexts = Readonly<Record<ChangeableField, string>>;

/** Nothing is to be different. */
export const AS_IT_IS: TermTexts = Object.freeze({
  walltime_seconds: '',
  nice: '',
  comment: ''
});

/** What the texts mean, or the fields that mean nothing: all of them where nothing is typed. */
export type TermReading =
  | { readonly patch: JobPatch; readonly wrong: readonly [] }
  | { readonly patch: null; readonly wrong: readonly ChangeableField[] };

/** Read what is to be different. */
export function readTerms(
  texts: TermTexts,
  fields: readonly ChangeableField[]
): TermReading {
  const typed = fields.filter(field => texts[field].trim() !== '');
  if (typed.length === 0) {
    return { patch: null, wrong: fields };
  }
  const read = typed.map(
    field => [field, readTerm(field, texts[field])] as const
  );
  const wrong = read.filter(([, value]) => value === null);
  return wrong.length > 0
    ? { patch: null, wrong: wrong.map(([field]) => field) }
    : { patch: Object.fromEntries(read), wrong: [] };
}

/** Read a time limit such as `90m` or `1-12:00`: seconds, or null if the text is none. */
export function readWalltime(text: string): number | null {
  const seconds = parseDuration(text);
  return seconds !== null && seconds > 0 && seconds <= MOST_SECONDS
    ? seconds
    : null;
}

function readTerm(
  field: ChangeableField,
  text: string
): string | number | null {
  switch (field) {
    case 'walltime_seconds':
      return readWalltime(text);
    case 'nice': {
      const nice = /^[+-]?\d+$/.test(text.trim()) ? Number(text) : NaN;
      return Math.abs(nice) <= MOST_NICE ? nice : null;
    }
    case 'comment': {
      const comment = text.trim();
      const isOneLine = !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(comment);
      return isOneLine && comment.length <= MOST_CHARACTERS ? comment : null;
    }
  }
}
