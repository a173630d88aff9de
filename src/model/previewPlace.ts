import type { JobSpec } from './contract';
import { Code } from './literal';
import { formatMemoryExactly } from './quantity';

/** Where a job runs, beyond queue and account, and how it is spread, as the client takes it. */
export function pythonPlace(spec: JobSpec): [string, unknown][] {
  const { placement, resources, native } = spec;
  const { begin_at, features } = placement ?? {};
  const { scratch_bytes } = resources;
  return [
    ...pythonEnvironment(spec.environment),
    ['qos', placement?.qos],
    ['reservation', placement?.reservation],
    ['begin_at', begin_at ? new Code(momentOf(begin_at)) : null],
    ['features', features],
    ['nodes', resources.nodes],
    ['processes', resources.processes],
    ['scratch', scratch_bytes ? formatMemoryExactly(scratch_bytes) : null],
    ['native', native]
  ];
}

/** What is set up before the job starts, as the client takes it. */
function pythonEnvironment(
  environment: JobSpec['environment']
): [string, unknown][] {
  return [
    ['modules', environment?.names],
    ['conda', nameOf(environment, 'conda')],
    ['python', environment?.path],
    ['image', nameOf(environment, 'image')]
  ];
}

/** The name of a conda environment, or of an image. */
function nameOf(
  environment: JobSpec['environment'],
  kind: 'conda' | 'image'
): string | null {
  return environment?.kind === kind ? (environment.name ?? null) : null;
}

/** The same as the magic takes it, if it is not beyond that. */
export function magicPlace(spec: JobSpec): [string, string | null][] {
  const { nodes, processes } = spec.resources;
  return [
    ['--qos', spec.placement?.qos ?? null],
    ['--nodes', nodes ? String(nodes) : null],
    ['--processes', processes ? String(processes) : null],
    ...(spec.environment?.names ?? []).map((name): [string, string] => [
      '--module',
      name
    ]),
    ['--conda', nameOf(spec.environment, 'conda')],
    ['--python', spec.environment?.path ?? null],
    ['--image', nameOf(spec.environment, 'image')]
  ];
}

/** Whether the magic has no words for all of it: what it cannot say must not be left out. */
export function isBeyondMagic(spec: JobSpec): boolean {
  const { placement, resources, native = {} } = spec;
  return (
    Boolean(placement?.reservation) ||
    Boolean(placement?.begin_at) ||
    Boolean(resources.scratch_bytes) ||
    (placement?.features ?? []).length > 0 ||
    Object.keys(native).length > 0
  );
}

/** Python older than 3.11 reads no `Z`. */
function momentOf(time: string): string {
  const moment = new Date(time).toISOString().replace('Z', '+00:00');
  return `datetime.fromisoformat("${moment}")`;
}
