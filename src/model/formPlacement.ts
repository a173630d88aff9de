import type { JobSpec } from './contract';
import type { FormContent } from './form';
import type { FormIssue } from './formIssue';
import { formatMemoryExactly, parseCores, parseMemory } from './quantity';
import { joinWords, splitWords } from './words';

type Placement = NonNullable<JobSpec['placement']>;
type Resources = JobSpec['resources'];

/** Read where a job is to run. */
export function toPlacement(
  content: FormContent,
  issues: FormIssue[]
): Placement {
  const features = splitNames(content.features);
  return {
    queue: orNull(content.queue),
    account: orNull(content.account),
    ...(content.qos.trim() ? { qos: content.qos } : {}),
    ...(content.reservation.trim() ? { reservation: content.reservation } : {}),
    ...toBegin(content.begin_at, issues),
    ...(features.length > 0 ? { features } : {})
  };
}

/** Write where a job ran into the fields of a form. */
export function fromPlacement(
  placement: Placement | undefined
): Partial<FormContent> {
  return {
    queue: placement?.queue ?? '',
    account: placement?.account ?? '',
    qos: placement?.qos ?? '',
    reservation: placement?.reservation ?? '',
    begin_at: placement?.begin_at ? toLocal(placement.begin_at) : '',
    features: (placement?.features ?? []).join(', ')
  };
}

/** Read over what a job is spread, and what else it needs; nothing of what is left empty. */
export function toSpread(
  content: FormContent,
  issues: FormIssue[]
): Partial<Resources> {
  const whole = (name: 'gpus' | 'nodes' | 'processes'): Partial<Resources> => {
    const value = parseCores(content[name]);
    if (value === null && content[name].trim() !== '') {
      issues.push({ field: `spec.resources.${name}`, code: 'not_a_number' });
    }
    return value === null ? {} : { [name]: value };
  };
  const scratch = parseMemory(content.scratch);
  if (scratch === null && content.scratch.trim() !== '') {
    issues.push({ field: 'spec.resources.scratch_bytes', code: 'not_a_size' });
  }
  return {
    ...whole('gpus'),
    ...whole('nodes'),
    ...whole('processes'),
    ...(scratch === null ? {} : { scratch_bytes: scratch })
  };
}

/** Write the same into the fields of a form. */
export function fromSpread(resources: Resources): Partial<FormContent> {
  const { gpus, nodes, processes, scratch_bytes } = resources;
  return {
    gpus: gpus ? String(gpus) : '',
    nodes: nodes ? String(nodes) : '',
    processes: processes ? String(processes) : '',
    scratch: scratch_bytes ? formatMemoryExactly(scratch_bytes) : ''
  };
}

/** Read options of the batch system itself, with or without the dashes that its own tools want. */
export function toNative(
  text: string,
  issues: FormIssue[]
): Pick<JobSpec, 'native'> {
  const { words, error } = splitWords(text);
  if (error) {
    issues.push({ field: 'spec.native', code: error });
  }
  const native = new Map<string, string | null>();
  for (const word of words ?? []) {
    const [name, ...values] = word.replace(/^--/, '').split('=');
    if (native.has(name)) {
      issues.push({ field: 'spec.native', code: 'duplicate_name' });
    }
    native.set(name, values.length > 0 ? values.join('=') : null);
  }
  return native.size > 0 ? { native: Object.fromEntries(native) } : {};
}

/** Write options as `toNative` reads them. */
export function fromNative(native: JobSpec['native'] = {}): string {
  return joinWords(
    Object.entries(native).map(([name, value]) =>
      value === null ? name : `${name}=${value}`
    )
  );
}

/** A moment as a control for local time shows it: `2026-11-28T18:00`. */
export function toLocal(time: string): string {
  const moment = new Date(time);
  const shifted = moment.getTime() - moment.getTimezoneOffset() * 60_000;
  return new Date(shifted).toISOString().slice(0, 16);
}

function toBegin(
  text: string,
  issues: FormIssue[]
): Pick<Placement, 'begin_at'> {
  if (text.trim() === '') {
    return {};
  }
  const moment = new Date(text);
  if (Number.isNaN(moment.getTime())) {
    issues.push({ field: 'spec.placement.begin_at', code: 'not_a_moment' });
    return {};
  }
  return { begin_at: moment.toISOString() };
}

function splitNames(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}

function orNull(text: string): string | null {
  return text.trim() === '' ? null : text;
}
