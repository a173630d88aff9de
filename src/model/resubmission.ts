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
