import type { FormContent } from './form';

/** One field of a form that is not as it was. */
export type Difference = Readonly<{
  /** Path in the submission. */
  field: string;
  before: string;
  after: string;
}>;

/** Where the fields of a form stand in the submission. */
const FIELDS: readonly (readonly [keyof FormContent, string])[] = [
  ['kind', 'spec.task.kind'],
  ['path', 'spec.task.path'],
  ['command', 'spec.task.argv'],
  ['arguments', 'spec.task.arguments'],
  ['interpreter', 'spec.task.interpreter'],
  ['kernel_name', 'spec.task.kernel_name'],
  ['output_path', 'spec.task.output_path'],
  ['name', 'spec.name'],
  ['cores', 'spec.resources.cores'],
  ['memory', 'spec.resources.memory_bytes'],
  ['walltime', 'spec.resources.walltime_seconds'],
  ['gpus', 'spec.resources.gpus'],
  ['gateway_id', 'gateway_id'],
  ['queue', 'spec.placement.queue'],
  ['account', 'spec.placement.account'],
  ['qos', 'spec.placement.qos'],
  ['reservation', 'spec.placement.reservation'],
  ['begin_at', 'spec.placement.begin_at'],
  ['features', 'spec.placement.features'],
  ['nodes', 'spec.resources.nodes'],
  ['processes', 'spec.resources.processes'],
  ['scratch', 'spec.resources.scratch_bytes'],
  ['native', 'spec.native'],
  ['working_directory', 'spec.files.working_directory'],
  ['outputs', 'spec.files.outputs'],
  ['stdout_path', 'spec.files.stdout_path'],
  ['stderr_path', 'spec.files.stderr_path'],
  ['array', 'spec.array'],
  ['other_array', 'spec.array'],
  ['max_running', 'spec.array.max_running'],
  ['mode', 'spec.array.mode'],
  ['varied', 'spec.array.parameters'],
  ['environment_kind', 'spec.environment.kind'],
  ['environment', 'spec.environment.names'],
  ['variables', 'spec.environment.variables'],
  ['depends_on', 'spec.depends_on'],
  ['tags', 'spec.tags']
];

/** What is different in a form from what was asked before, in the order of the form. */
export function differencesOf(
  before: FormContent,
  after: FormContent
): readonly Difference[] {
  const fields = FIELDS.map(([name, field]) => ({
    field,
    before: textOf(before[name]),
    after: textOf(after[name])
  }));
  const names = new Set([
    ...Object.keys(before.parameters),
    ...Object.keys(after.parameters)
  ]);
  const parameters = [...names].map(name => ({
    field: `spec.task.parameters.${name}`,
    before: before.parameters[name] ?? '',
    after: after.parameters[name] ?? ''
  }));
  return [...fields, ...parameters].filter(one => one.before !== one.after);
}

function textOf(value: FormContent[keyof FormContent]): string {
  if (typeof value === 'string') {
    return value;
  }
  const isEmpty =
    value === null || (Array.isArray(value) && value.length === 0);
  return isEmpty ? '' : JSON.stringify(value);
}
