import * as fc from 'fast-check';

import type { Phase } from '../contract';
import {
  ALL_JOBS,
  formatQuery,
  isAll,
  matches,
  parseQuery,
  PHASE_WORDS
} from '../query';
import type { JobFilter } from '../query';

const GATEWAYS = [
  { id: 'local', title: 'This server' },
  { id: 'slurm', title: 'Slurm at USDF' },
  { id: 'slurm-2', title: 'Slurm of the group' }
];
const PHASES = Object.keys(PHASE_WORDS) as Phase[];

const read = (text: string) => parseQuery(text, GATEWAYS);

it.each<[string, Partial<JobFilter>]>([
  ['', {}],
  ['  ', {}],
  ['Lens MCMC', { words: ['lens', 'mcmc'] }],
  ['phase:failed', { phases: ['ERROR'] }],
  ['PHASE:Failed phase:unknown', { phases: ['ERROR', 'UNKNOWN'] }],
  ['phase:EXECUTING', { phases: ['EXECUTING'] }],
  ['phase:su', { phases: ['PENDING', 'SUSPENDED'] }],
  ['phase:', {}],
  ['gateway:slurm', { gateways: ['slurm'] }],
  ['gateway:"this server"', { gateways: ['local'] }],
  ['gateway:group night', { gateways: ['slurm-2'], words: ['night'] }],
  ['gateway:slu', { gateways: ['slurm', 'slurm-2'] }],
  ['gateway:nowhere', { gateways: ['nowhere'] }],
  ['"night 2', { words: ['night', '2'] }],
  ['"phase:failed"', { words: ['phase:failed'] }],
  ['tag:Lens tag:band=R', { tags: ['lens', 'band=r'] }],
  ['a:b http://x', { words: ['a:b', 'http://x'] }],
  ['night night', { words: ['night'] }],
  ['STRASSE', { words: ['strasse'] }]
])('%j is read', (text, filter) => {
  expect(read(text)).toEqual({
    filter: { ...ALL_JOBS, ...filter },
    unknownPhases: []
  });
});

it('a word that is no phase is told, and chooses nothing', () => {
  expect(read('phase:pink lens')).toEqual({
    filter: { ...ALL_JOBS, words: ['lens'] },
    unknownPhases: ['pink']
  });
});

const word = fc
  .string({ minLength: 1, maxLength: 12 })
  .filter(text => !/[\s"]/.test(text) && text === text.toLowerCase())
  .filter(text => !text.includes('ß'));

it('a filter that is written is read as the same', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.constantFrom(...PHASES)),
      fc.uniqueArray(fc.constantFrom('local', 'slurm', 'slurm-2', 'a b')),
      fc.uniqueArray(word),
      fc.uniqueArray(word),
      (phases, gateways, tags, words) => {
        const filter = { phases, gateways, tags, words };
        expect(read(formatQuery(filter)).filter).toEqual(filter);
      }
    )
  );
});

it('no text is too strange, and what it means can be written', () => {
  fc.assert(
    fc.property(fc.string(), text => {
      const { filter } = read(text);
      expect(read(formatQuery(filter)).filter).toEqual(filter);
    })
  );
});

it('more in a query never shows more jobs, unless it names the same kind of thing', () => {
  fc.assert(
    fc.property(
      fc.array(word),
      word,
      fc.string(),
      fc.constantFrom(...PHASES),
      (words, more, name, phase) => {
        const row = { name, phase, gateway_id: 'local', tags: {} };
        const narrow = { ...ALL_JOBS, words: [...words, more] };
        const wide = { ...ALL_JOBS, words };
        expect(matches(narrow, row) && !matches(wide, row)).toBe(false);
        expect(matches({ ...wide, phases: PHASES }, row)).toBe(
          matches(wide, row)
        );
      }
    )
  );
});

it('a job is found by all that a query names', () => {
  const row = {
    name: 'Lens MCMC',
    phase: 'ERROR' as Phase,
    gateway_id: 'slurm',
    tags: { Lens: '', band: 'R' }
  };
  const shows = (text: string): boolean => matches(read(text).filter, row);
  expect(shows('mcmc phase:failed gateway:slurm lens')).toBe(true);
  expect(shows('phase:running phase:failed')).toBe(true);
  expect(shows('phase:running')).toBe(false);
  expect(shows('gateway:local')).toBe(false);
  expect(shows('lens other')).toBe(false);
  expect(shows('tag:lens tag:band=r tag:band')).toBe(true);
  expect(shows('tag:len')).toBe(false);
  expect([isAll(read(' ').filter), isAll(read('x').filter)]).toEqual([
    true,
    false
  ]);
});
