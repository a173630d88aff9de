import type { Gateway, JobRow, Phase } from './contract';

/** Which jobs are shown; an empty list is *all*. */
export type JobFilter = Readonly<{
  phases: readonly Phase[];
  /** Ids. */
  gateways: readonly string[];
  /** Each `name` or `name=value`, folded; a job has all of them. */
  tags: readonly string[];
  /** Parts of the name, folded. */
  words: readonly string[];
}>;

/** A filter as it was read, and what in it means nothing. */
export type QueryReading = Readonly<{
  filter: JobFilter;
  /** What stands behind `phase:` and is no phase. */
  unknownPhases: readonly string[];
}>;

export const ALL_JOBS: JobFilter = Object.freeze({
  phases: [],
  gateways: [],
  tags: [],
  words: []
});

/** What can be typed for each phase, as it is called on screen. */
export const PHASE_WORDS: Readonly<Record<Phase, string>> = {
  PENDING: 'submitting',
  HELD: 'held',
  QUEUED: 'queued',
  EXECUTING: 'running',
  SUSPENDED: 'suspended',
  COMPLETED: 'completed',
  ERROR: 'failed',
  ABORTED: 'cancelled',
  UNKNOWN: 'unknown',
  ARCHIVED: 'archived'
};

const PHASES = Object.keys(PHASE_WORDS) as Phase[];
const KEYS = /^(phase|gateway|tag):/i;

/**
 * Read what was typed to find jobs: `phase:failed gateway:slurm tag:lens words of the name`.
 *
 * Phases that are named one after the other are *either of them*, so are gateways; words are *all of
 * them*, so are tags. The beginning of a word means every phase that it begins. Quotes keep blanks: `"night 2"`.
 */
export function parseQuery(
  text: string,
  gateways: readonly Pick<Gateway, 'id' | 'title'>[]
): QueryReading {
  const phases: Phase[] = [];
  const ids: string[] = [];
  const tags: string[] = [];
  const words: string[] = [];
  const unknownPhases: string[] = [];
  for (const token of tokensOf(text)) {
    const value = token.text.replace(KEYS, '');
    const key = token.key;
    if (key === null) {
      words.push(fold(token.text));
    } else if (value !== '' && key === 'gateway') {
      ids.push(...gatewaysNamed(value, gateways));
    } else if (value !== '' && key === 'tag') {
      tags.push(fold(value));
    } else if (value !== '') {
      const found = phasesNamed(value);
      phases.push(...found);
      unknownPhases.push(...(found.length > 0 ? [] : [value]));
    }
  }
  return Object.freeze({
    filter: Object.freeze({
      phases: unique(phases),
      gateways: unique(ids),
      tags: unique(tags),
      words: unique(words.flatMap(word => word.split(/\s+/)).filter(Boolean))
    }),
    unknownPhases: unique(unknownPhases)
  });
}

/** Write a filter as a text that `parseQuery` reads as the same. */
export function formatQuery(filter: JobFilter): string {
  return [
    ...filter.phases.map(phase => `phase:${PHASE_WORDS[phase]}`),
    ...filter.gateways.map(id => `gateway:${quoted(id)}`),
    ...filter.tags.map(tag => `tag:${quoted(tag)}`),
    ...filter.words.map(word => (KEYS.test(word) ? `"${word}"` : quoted(word)))
  ].join(' ');
}

/** Tell whether a job is to be shown. */
export function matches(
  filter: JobFilter,
  row: Pick<JobRow, 'phase' | 'gateway_id' | 'name' | 'tags'>
): boolean {
  const name = fold(row.name);
  return (
    (filter.phases.length === 0 || filter.phases.includes(row.phase)) &&
    (filter.gateways.length === 0 ||
      filter.gateways.includes(row.gateway_id)) &&
    filter.tags.every(tag => hasTag(row.tags, tag)) &&
    filter.words.every(word => name.includes(word))
  );
}

/** Tell whether a filter lets everything through. */
export function isAll(filter: JobFilter): boolean {
  const { phases, gateways, tags, words } = filter;
  return [phases, gateways, tags, words].every(({ length }) => length === 0);
}

/** Tell whether two filters show the same, as far as their texts tell. */
export function isSameFilter(one: JobFilter, other: JobFilter): boolean {
  return formatQuery(one) === formatQuery(other);
}

/** A text in which capitals and their like do not count; the Python twin is `str.casefold`. */
export function fold(text: string): string {
  return text.toLowerCase().replace(/ß/g, 'ss');
}

function hasTag(tags: JobRow['tags'], wanted: string): boolean {
  return Object.entries(tags).some(
    ([name, value]) =>
      fold(name) === wanted || fold(`${name}=${value}`) === wanted
  );
}

type Token = { key: 'phase' | 'gateway' | 'tag' | null; text: string };

/** Cut a text at its blanks, but not within quotes; a quote that does not close ends at the end. */
function tokensOf(text: string): Token[] {
  const found = text.matchAll(/(?:"([^"]*)"?|[^\s"])+/g);
  return Array.from(found, ([token]) => {
    const key = KEYS.exec(token)?.[1].toLowerCase() ?? null;
    const plain = token.replace(/"/g, '');
    return { key: key as Token['key'], text: plain };
  }).filter(({ text: plain }) => plain !== '');
}

function phasesNamed(value: string): Phase[] {
  const typed = value.toLowerCase();
  const exact = PHASES.filter(
    phase => PHASE_WORDS[phase] === typed || phase.toLowerCase() === typed
  );
  return exact.length > 0
    ? exact
    : PHASES.filter(phase => PHASE_WORDS[phase].startsWith(typed));
}

/** The gateway of an id, else those whose title holds the text; what is none stays what it is. */
function gatewaysNamed(
  value: string,
  gateways: readonly Pick<Gateway, 'id' | 'title'>[]
): string[] {
  if (gateways.some(({ id }) => id === value)) {
    return [value];
  }
  const typed = fold(value);
  const found = gateways.filter(
    ({ id, title }) => fold(id) === typed || fold(title).includes(typed)
  );
  return found.length > 0 ? found.map(({ id }) => id) : [value];
}

function quoted(text: string): string {
  return /\s/.test(text) ? `"${text}"` : text;
}

function unique<T>(values: readonly T[]): readonly T[] {
  return Object.freeze([...new Set(values)]);
}
