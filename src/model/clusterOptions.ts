import type { ClusterOffer, ClusterSpec } from './contract';
import type { FormIssue, FormIssueCode } from './formIssue';
import { formatMemoryExactly, parseCores, parseMemory } from './quantity';

/** How an option is chosen. */
export type OptionKind =
  | 'whole'
  | 'number'
  | 'bytes'
  | 'python'
  | 'text'
  | 'flag'
  | 'choice'
  | 'pairs';

/** What is known of one option of a cluster. */
export interface IOption {
  readonly name: string;
  readonly kind: OptionKind;
  readonly title: string;
  readonly description: string;
  /** As it would be typed. */
  readonly default: string;
  readonly minimum: number | null;
  readonly maximum: number | null;
}

/** As typed, by name. A flag is `true` or `false`, pairs are lines of `NAME=value`. */
export type OptionTexts = Readonly<Record<string, string>>;

/** The options of a gateway, in its own order. */
export function optionsOf({ options }: ClusterOffer): readonly IOption[] {
  const { properties } = options;
  return isObject(properties)
    ? Object.entries(properties).map(([name, schema]) => optionOf(name, schema))
    : [];
}

/** What RJSF cannot see in the schema of a gateway: pairs are typed as lines. */
export function optionUi(offer: ClusterOffer): Record<string, object> {
  const pairs = optionsOf(offer).filter(({ kind }) => kind === 'pairs');
  return Object.fromEntries(
    pairs.map(({ name }) => [name, { 'ui:field': 'PairsField' }])
  );
}

/** What the schema of an option says of it. */
export function optionOf(name: string, of: unknown): IOption {
  const schema = isObject(of) ? of : {};
  const { title, description, minimum, maximum } = schema;
  const kind = kindOf(schema);
  return {
    name,
    kind,
    title: typeof title === 'string' ? title : name,
    description: typeof description === 'string' ? description : '',
    default: textOf(kind, schema.default),
    minimum: typeof minimum === 'number' ? minimum : null,
    maximum: typeof maximum === 'number' ? maximum : null
  };
}

function kindOf(schema: Record<string, unknown>): OptionKind {
  const { type, format } = schema;
  if (Array.isArray(schema.enum)) {
    return 'choice';
  }
  switch (type) {
    case 'integer':
      return format === 'bytes' ? 'bytes' : 'whole';
    case 'number':
      return 'number';
    case 'boolean':
      return 'flag';
    case 'object':
      return 'pairs';
    default:
      return format === 'python' ? 'python' : 'text';
  }
}

/** A value as it would be typed. */
function textOf(kind: OptionKind, value: unknown): string {
  if (value === undefined || value === null) {
    return '';
  }
  if (kind === 'bytes' && typeof value === 'number') {
    return formatMemoryExactly(value);
  }
  if (kind === 'pairs' && isObject(value)) {
    return Object.entries(value)
      .map(([name, one]) => `${name}=${String(one)}`)
      .join('\n');
  }
  return String(value);
}

/** What stands in the fields at first. */
export function optionTexts(
  offer: ClusterOffer,
  chosen: ClusterSpec['options']
): OptionTexts {
  return Object.fromEntries(
    optionsOf(offer).map(option => [
      option.name,
      chosen?.[option.name] === undefined
        ? option.default
        : textOf(option.kind, chosen[option.name])
    ])
  );
}

/** Options that the gateway has and the user has not left empty. */
export function toOptions(
  texts: OptionTexts,
  offer: ClusterOffer,
  issues: FormIssue[]
): Record<string, unknown> {
  const chosen = optionsOf(offer).map(
    option => [option, texts[option.name] ?? ''] as const
  );
  return Object.fromEntries(
    chosen
      .filter(([option, text]) => isMeant(option, text))
      .map(([option, text]) => [option.name, toValue(option, text, issues)])
  );
}

/** Pairs can be emptied; what a gateway put there need not be texts, so as it is it is not sent. */
function isMeant({ kind, default: usual }: IOption, text: string): boolean {
  return kind === 'pairs' ? text !== usual : text.trim() !== '';
}

function toValue(
  { kind, name }: IOption,
  text: string,
  issues: FormIssue[]
): unknown {
  const read = <T>(
    parse: (text: string) => T | null,
    code: FormIssueCode
  ): T | null => {
    const value = parse(text);
    if (value === null) {
      issues.push({ field: `spec.options.${name}`, code });
    }
    return value;
  };
  switch (kind) {
    case 'whole':
      return read(parseCores, 'not_a_number');
    case 'number':
      return read(parseNumber, 'not_a_decimal');
    case 'bytes':
      return read(parseMemory, 'not_a_size');
    case 'pairs':
      return read(parsePairs, 'not_pairs');
    case 'flag':
      return text === 'true';
    case 'python':
      return text.trim();
    case 'text':
    case 'choice':
      return text;
  }
}

function parseNumber(text: string): number | null {
  const value = Number(text.trim());
  return Number.isFinite(value) ? value : null;
}

/** Read lines of `NAME=value`; null if one is none. */
function parsePairs(text: string): Record<string, string> | null {
  const lines = text.split('\n').filter(line => line.trim() !== '');
  const pairs = lines.map(line => /^\s*([^=\s]+)\s*=(.*)$/.exec(line));
  return pairs.every(pair => pair !== null)
    ? Object.fromEntries(pairs.map(([, name, value]) => [name, value.trim()]))
    : null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
