import type { ChangeableField } from '../contract';
import { AS_IT_IS, CHANGEABLE_FIELDS, readTerms, readWalltime } from '../terms';

it.each([
  ['90m', 5400],
  ['1-12:00', 129_600],
  ['2 h 30 min', 9000],
  ['10', 600],
  ['10y', null],
  ['', null],
  ['0', null],
  ['-5', null],
  ['soon', null],
  ['4000d', null]
])('%p is a time limit of %p seconds', (text, seconds) => {
  expect(readWalltime(text)).toBe(seconds);
});

describe('other terms', () => {
  it('are only what is typed', () => {
    const texts = { ...AS_IT_IS, nice: ' +100 ', comment: ' for the paper ' };
    expect(readTerms(texts, CHANGEABLE_FIELDS)).toEqual({
      patch: { nice: 100, comment: 'for the paper' },
      wrong: []
    });
  });

  it('are wanted somewhere', () => {
    expect(readTerms(AS_IT_IS, ['nice', 'comment'])).toEqual({
      patch: null,
      wrong: ['nice', 'comment']
    });
  });

  it.each<[ChangeableField, string]>([
    ['walltime_seconds', 'soon'],
    ['nice', '1.5'],
    ['nice', 'much'],
    ['nice', '2147483646'],
    ['nice', '-2147483646'],
    ['comment', 'two\nlines'],
    ['comment', 'x'.repeat(1001)]
  ])('are none where %s is %j', (field, text) => {
    const texts = { ...AS_IT_IS, walltime_seconds: '1h', [field]: text };
    expect(readTerms(texts, CHANGEABLE_FIELDS)).toEqual({
      patch: null,
      wrong: [field]
    });
  });

  it('may be as far from 0 as Slurm takes it', () => {
    const texts = { ...AS_IT_IS, nice: '-2147483645' };
    expect(readTerms(texts, ['nice']).patch).toEqual({ nice: -2147483645 });
  });

  it('leave out what cannot be changed there', () => {
    const texts = { ...AS_IT_IS, walltime_seconds: '1h', nice: '5' };
    expect(readTerms(texts, ['walltime_seconds']).patch).toEqual({
      walltime_seconds: 3600
    });
  });
});
