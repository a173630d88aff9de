import type { Gateway, ImportedLine, ImportedSpec } from './contract';
import { fromSubmission } from './draft';
import type { FormContent } from './form';

/** What became of one line of a script that describes its job. */
export type LineFate = 'refused' | 'taken' | 'passed_on';

/** One line of a script, and what became of it. */
export type ToldLine = ImportedLine & Readonly<{ fate: LineFate }>;

/** Fill in a form by what a script says of its job; of what it says nothing, by what is usual. */
export function fromScript(
  imported: ImportedSpec,
  gateway_id: string,
  path: string,
  usual: Pick<FormContent, 'cores' | 'memory'>
): FormContent {
  const isAssumed = (name: string): boolean =>
    imported.assumed.includes(`spec.resources.${name}`);
  return {
    ...fromSubmission({ gateway_id, spec: imported.spec }),
    ...(isAssumed('cores') ? { cores: usual.cores } : {}),
    ...(isAssumed('memory_bytes') ? { memory: usual.memory } : {}),
    opened_script: path,
    opened_for: gateway_id
  };
}

/** All lines of a script: first those that cannot be honoured, each kind in the order of the script. */
export function toldLines(imported: ImportedSpec): readonly ToldLine[] {
  const told = (fate: LineFate, lines: readonly ImportedLine[]): ToldLine[] =>
    lines.map(line => ({ ...line, fate }));
  const byLine = (one: ToldLine, other: ToldLine): number =>
    one.line - other.line;
  return [
    ...told('refused', imported.refused).sort(byLine),
    ...[
      ...told('taken', imported.taken),
      ...told('passed_on', imported.passed_on)
    ].sort(byLine)
  ];
}

/**
 * The gateway for which a script is read: the first of those wanted that reads its lines, else any
 * that does, else the first one wanted.
 */
export function gatewayForScript(
  gateways: readonly Gateway[],
  ...wanted: readonly string[]
): Gateway | undefined {
  const named = wanted.flatMap(id => gateways.filter(one => one.id === id));
  const all = [...named, ...gateways];
  return all.find(one => one.capabilities.script_options) ?? all[0];
}
