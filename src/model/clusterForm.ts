import { optionTexts, toOptions } from './clusterOptions';
import type { OptionTexts } from './clusterOptions';
import type { ClusterOffer, ClusterSpec, ClusterSubmission } from './contract';
import type { FormIssue, FormIssueCode } from './formIssue';
import {
  formatDurationExactly,
  parseCores,
  parseDuration,
  parseMemory
} from './quantity';

/** How many workers there are to be, as typed. */
export type WorkersTexts = Readonly<{
  kind: ClusterSpec['workers']['kind'];
  count: string;
  minimum: string;
  maximum: string;
}>;

/** The form for a new cluster, as typed. */
export type ClusterTexts = Readonly<{
  gateway_id: string;
  name: string;
  workers: WorkersTexts;
  idle_stop: string;
  options: OptionTexts;
}>;

/** The submission that the texts mean, or why there is none. */
export type ClusterReading =
  | { readonly submission: ClusterSubmission; readonly issues: readonly [] }
  | { readonly submission: null; readonly issues: readonly FormIssue[] };

/** What a form for a gateway begins with: its own default cluster. */
export function textsOf(offer: ClusterOffer): ClusterTexts {
  const { workers, idle_stop_seconds, name, options } = offer.default_spec;
  const most = String(offer.limits.max_workers ?? 2);
  return {
    gateway_id: offer.id,
    name: name ?? '',
    workers: workersOf(workers, most),
    idle_stop:
      idle_stop_seconds === undefined
        ? ''
        : formatDurationExactly(idle_stop_seconds),
    options: optionTexts(offer, options)
  };
}

/** How many workers there are to be, as it can be typed. */
export function workersOf(
  workers: ClusterSpec['workers'],
  most: string
): WorkersTexts {
  return workers.kind === 'fixed'
    ? {
        kind: 'fixed',
        count: String(workers.count),
        minimum: '0',
        maximum: most
      }
    : {
        kind: 'adaptive',
        count: most,
        minimum: String(workers.minimum),
        maximum: String(workers.maximum)
      };
}

/** Read the form as a submission. Only texts that cannot be sent are issues here. */
export function toClusterSubmission(
  texts: ClusterTexts,
  offer: ClusterOffer
): ClusterReading {
  const issues: FormIssue[] = [];
  const spec: ClusterSpec = {
    ...(texts.name.trim() === '' ? {} : { name: texts.name }),
    workers: toWorkers(texts.workers, issues, 'spec.workers.'),
    ...(offer.capabilities.idle_stop
      ? toIdleStop(texts.idle_stop, issues)
      : {}),
    options: toOptions(texts.options, offer, issues)
  };
  return issues.length > 0
    ? { submission: null, issues }
    : { submission: { gateway_id: offer.id, spec }, issues: [] };
}

/**
 * Read how many workers there are to be; 0 stands for a text that cannot be sent.
 *
 * @param prefix - Of the fields at which issues are put.
 */
export function toWorkers(
  texts: WorkersTexts,
  issues: FormIssue[],
  prefix: string
): ClusterSpec['workers'] {
  const count = (name: 'count' | 'minimum' | 'maximum'): number =>
    read(texts[name], `${prefix}${name}`, parseCores, 'not_a_number', issues);
  return texts.kind === 'fixed'
    ? { kind: 'fixed', count: count('count') }
    : {
        kind: 'adaptive',
        minimum: count('minimum'),
        maximum: count('maximum')
      };
}

function toIdleStop(
  text: string,
  issues: FormIssue[]
): Pick<ClusterSpec, 'idle_stop_seconds'> {
  return text.trim() === ''
    ? {}
    : {
        idle_stop_seconds: read(
          text,
          'spec.idle_stop_seconds',
          parseDuration,
          'not_a_duration',
          issues
        )
      };
}

function read(
  text: string,
  field: string,
  parse: (text: string) => number | null,
  code: FormIssueCode,
  issues: FormIssue[]
): number {
  const value = parse(text);
  if (value === null) {
    issues.push({ field, code: text.trim() === '' ? 'required' : code });
  }
  return value ?? 0;
}

/**
 * Read what the form was filled with last.
 *
 * @param kept - Whatever was kept; what is not as the form writes it is left out.
 */
export function keptTexts(kept: unknown, texts: ClusterTexts): ClusterTexts {
  if (!isObject(kept) || kept.gateway_id !== texts.gateway_id) {
    return texts;
  }
  const { kind } = isObject(kept.workers) ? kept.workers : { kind: null };
  return {
    gateway_id: texts.gateway_id,
    name: texts.name,
    idle_stop: textOr(kept.idle_stop, texts.idle_stop),
    workers: {
      ...textsOr(kept.workers, texts.workers),
      kind: kind === 'fixed' || kind === 'adaptive' ? kind : texts.workers.kind
    },
    options: textsOr(kept.options, texts.options)
  };
}

function textsOr<T extends Readonly<Record<string, string>>>(
  kept: unknown,
  texts: T
): T {
  const known = isObject(kept) ? kept : {};
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [
      name,
      textOr(known[name], text)
    ])
  ) as T;
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What all workers of a cluster are together. */
export type ClusterTotal = Readonly<{
  workers: number;
  cores: number;
  memory_bytes: number;
  /** There may be fewer of them, as the work asks. */
  isMost: boolean;
}>;

/** What the workers of a form are together; null while a text of it cannot be read. */
export function totalOf(
  texts: ClusterTexts,
  offer: ClusterOffer
): ClusterTotal | null {
  const { workers, options } = texts;
  const usual = textsOf(offer).options;
  const count = parseCores(
    workers.kind === 'fixed' ? workers.count : workers.maximum
  );
  const cores = parseCores(options.worker_cores || usual.worker_cores || '');
  const memory = parseMemory(
    options.worker_memory_bytes || usual.worker_memory_bytes || ''
  );
  return count === null || cores === null || memory === null || count < 0
    ? null
    : {
        workers: count,
        cores: count * cores,
        memory_bytes: count * memory,
        isMost: workers.kind === 'adaptive'
      };
}
