import { readdirSync, readFileSync } from 'fs';
import { join, resolve } from 'path';

const FOLDER = resolve(__dirname, '../../../contract/examples');

/** One instance of a schema of the contract. */
export type Example = { name: string; schema: string; value: unknown };

/** The instances in `contract/examples/valid` or `invalid`: `Schema.what-it-is.json`. */
export function readExamples(folder: 'valid' | 'invalid'): Example[] {
  return readdirSync(join(FOLDER, folder)).map(name => ({
    name,
    schema: name.split('.')[0],
    value: readJson(join(folder, name))
  }));
}

/** One valid instance, such as `JobRow.running`. */
export function readExample(name: string): unknown {
  return readJson(join('valid', `${name}.json`));
}

/** One table of `contract/examples`, typed by the one who reads it. */
export function readJson(name: string): unknown {
  return JSON.parse(readFileSync(join(FOLDER, name), 'utf-8'));
}

/** The contract itself. */
export function readContract(): string {
  return readFileSync(join(FOLDER, '..', 'openapi.yaml'), 'utf-8');
}
