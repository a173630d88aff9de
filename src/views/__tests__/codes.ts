import { parse } from 'yaml';

import { readContract } from '../../model/__tests__/examples';
import type {
  IssueCode,
  Phase,
  ProblemCode,
  ReasonCode
} from '../../model/contract';

type Schemas = { [name: string]: { enum: unknown[] } };

const { schemas } = (
  parse(readContract()) as { components: { schemas: Schemas } }
).components;

/** The closed lists of the contract, as the contract itself has them. */
export const PHASES = schemas.Phase.enum as Phase[];
export const REASON_CODES = schemas.ReasonCode.enum as ReasonCode[];
export const PROBLEM_CODES = schemas.ProblemCode.enum as ProblemCode[];
export const ISSUE_CODES = schemas.IssueCode.enum as IssueCode[];
