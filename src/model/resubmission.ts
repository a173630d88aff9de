import type { JobRow, ResubmitPatch } from './contract';
import { toResources } from './draft';
import type { FormIssue } from './draft';
import type { FormContent } from './form';
import {
  formatDuration,
  formatDurationExactly,
  formatMemory,
  formatMemoryExactly,
  parseDuration,
  parseMemory
} from './quantity';

/** What can be different when a job is run once more, as typed. */
export type ResubmitTexts = Readonly<
  Pick<FormContent, 'name' | 'cores' | 'memory' | 'walltime'>
>;

/** The patch that the texts mean, or why there is none. */
export type PatchReading =
  | { readonly patch: ResubmitPatch; readonly issues: readonly [] }
  | { readonly patch: null; readonly issues: readonly FormIssue[] };

/** More of what a job ran out of, as it can be typed. */
export type Offer = Readonly<{ field: 'memory' | 'walltime'; text: string }>;

type Asked = Pick<
  JobRow,
  'name' | 'cores' | 'memory_bytes' | 'walltime_seconds'
>;

/** What a job was asked, as texts. */
export function textsOf(asked: Asked): ResubmitTexts {
  return {
    name: asked.name,
    cores: String(asked.cores),
    memory: formatMemoryExactly(asked.memory_bytes),
    walltime: formatDurationExactly(asked.walltime_seconds)
  };
}

/** Read what is to be different from what was asked. */
export function toPatch(asked: Asked, texts: ResubmitTexts): PatchReading {
  const issues: FormIssue[] = [];
  const wanted = toResources(texts, issues);
  if (issues.length > 0) {
    return { patch: null, issues };
  }
  const resources = Object.fromEntries(
    (['cores', 'memory_bytes', 'walltime_seconds'] as const)
      .filter(name => wanted[name] !== asked[name])
      .map(name => [name, wanted[name]])
  );
  return {
    patch: {
      ...(texts.name === asked.name ? {} : { name: texts.name }),
      ...(Object.keys(resources).length > 0 ? { resources } : {})
    },
    issues: []
  };
}

/** What many jobs are to have, as typed; empty: what each had. */
export type ManyTexts = Readonly<
  Pick<FormContent, 'cores' | 'memory' | 'walltime'>
>;

/** What is to be different when many jobs are run once more. */
export type ManyChoice = Readonly<{
  texts: ManyTexts;
  /** Each that ran out of memory or time gets more of it. */
  givesMore: boolean;
  /** Of arrays, run just the tasks that failed. */
  onlyFailed: boolean;
  /** Submit also what there are warnings of. */
  anyway: boolean;
}>;

/** Nothing is different, but that no task of an array is run that has completed. */
export const AS_THEY_WERE: ManyChoice = Object.freeze({
  texts: Object.freeze({ cores: '', memory: '', walltime: '' }),
  givesMore: false,
  onlyFailed: true,
  anyway: false
});

/** Read what is to be different in many jobs. */
export function toManyPatch(texts: ManyTexts): PatchReading {
  const issues: FormIssue[] = [];
  const wanted = toResources(texts, issues);
  const wrong = issues.filter(({ code }) => code !== 'required');
  if (wrong.length > 0) {
    return { patch: null, issues: wrong };
  }
  const resources = {
    ...(texts.cores.trim() ? { cores: wanted.cores } : {}),
    ...(texts.memory.trim() ? { memory_bytes: wanted.memory_bytes } : {}),
    ...(texts.walltime.trim()
      ? { walltime_seconds: wanted.walltime_seconds }
      : {})
  };
  const isAny = Object.keys(resources).length > 0;
  return { patch: isAny ? { resources } : {}, issues: [] };
}

/** What is to be different in one of many jobs; what was typed for all of them counts. */
export function patchOfOne(
  row: JobRow,
  patch: ResubmitPatch,
  { givesMore }: ManyChoice
): ResubmitPatch {
  const offer = givesMore ? offerOf(row) : null;
  if (!offer) {
    return patch;
  }
  const more =
    offer.field === 'memory'
      ? { memory_bytes: parseMemory(offer.text) }
      : { walltime_seconds: parseDuration(offer.text) };
  return { ...patch, resources: { ...more, ...patch.resources } };
}

/** Half as much again of what a job ran out of; null if it ran out of nothing that is known. */
export function offerOf(
  row: Pick<
    JobRow,
    'reason' | 'memory_bytes' | 'memory_peak_bytes' | 'walltime_seconds'
  >
): Offer | null {
  if (row.reason === 'memory' && row.memory_peak_bytes !== null) {
    const used = Math.max(row.memory_bytes, row.memory_peak_bytes);
    // A quarter of the power of two below: 8 GB become 12, 1 GB 1.5.
    const step = 2 ** (Math.floor(Math.log2(Math.max(used, 8))) - 2);
    return { field: 'memory', text: memoryText(roundUp(used * 1.5, step)) };
  }
  if (row.reason === 'walltime') {
    const seconds = row.walltime_seconds * 1.5;
    const step = seconds < 3600 ? 60 : seconds < 86400 ? 900 : 3600;
    return { field: 'walltime', text: timeText(roundUp(seconds, step)) };
  }
  return null;
}

function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}

/** As a person writes it where that is exact. */
function memoryText(bytes: number): string {
  const text = formatMemory(bytes);
  return parseMemory(text) === bytes ? text : formatMemoryExactly(bytes);
}

function timeText(seconds: number): string {
  const text = formatDuration(seconds);
  return parseDuration(text) === seconds
    ? text
    : formatDurationExactly(seconds);
}
