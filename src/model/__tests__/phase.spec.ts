import type { JobGroup, Phase } from '../contract';
import { canCancel, groupOf, isFinal, JOB_GROUPS } from '../phase';
import { readJson } from './examples';

type Line = { phase: Phase; seen: boolean; is_final: boolean; group: JobGroup };

const LINES = readJson('groups.json') as Line[];

describe('groupOf', () => {
  it.each(LINES)(
    'puts $phase, seen $seen, into $group',
    ({ group, ...row }) => {
      expect(groupOf(row)).toBe(group);
      expect(JOB_GROUPS).toContain(group);
    }
  );
});

describe('isFinal', () => {
  it.each(LINES)('says $is_final of $phase', ({ phase, is_final }) => {
    expect(isFinal(phase)).toBe(is_final);
  });
});

describe('canCancel', () => {
  it('is so until the job is over', () => {
    expect(canCancel({ phase: 'QUEUED', substate: null })).toBe(true);
    expect(canCancel({ phase: 'UNKNOWN', substate: null })).toBe(true);
    expect(canCancel({ phase: 'ERROR', substate: null })).toBe(false);
  });

  it('is not so while it is being cancelled', () => {
    expect(canCancel({ phase: 'EXECUTING', substate: 'cancelling' })).toBe(
      false
    );
  });
});
