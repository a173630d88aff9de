import { fromSubmission, toSubmission } from '../draft';
import { newForm } from '../form';
import { toLocal } from '../formPlacement';

const PLACED = newForm({
  path: 'fit.ipynb',
  name: 'fit',
  gateway_id: 'slurm',
  queue: 'roma',
  qos: 'high',
  reservation: 'summit',
  begin_at: '2026-12-01T18:30',
  features: 'gpu, ib',
  nodes: '2',
  processes: '8',
  scratch: '10GB',
  native: 'mail-type=END exclusive',
  gpus: '1'
});

describe('where a job is to run', () => {
  it('is sent as it is typed, in universal time', () => {
    const { submission } = toSubmission(PLACED);
    expect(submission?.spec.placement).toEqual({
      queue: 'roma',
      account: null,
      qos: 'high',
      reservation: 'summit',
      begin_at: '2026-12-01T18:30:00.000Z',
      features: ['gpu', 'ib']
    });
    expect(submission?.spec.native).toEqual({
      'mail-type': 'END',
      exclusive: null
    });
    expect(submission?.spec.resources).toMatchObject({
      nodes: 2,
      processes: 8,
      scratch_bytes: 10 * 1024 ** 3,
      gpus: 1
    });
  });

  it('is the same in a form that a job fills in: nothing is lost', () => {
    const { submission } = toSubmission(PLACED);
    expect(submission && fromSubmission(submission)).toEqual({
      ...PLACED,
      walltime: '1h',
      memory: '1GB'
    });
  });

  it('says nothing of what is left empty, so that older gateways take it', () => {
    const { submission } = toSubmission(newForm({ path: 'a', name: 'a' }));
    expect(submission?.spec.placement).toEqual({ queue: null, account: null });
    expect(Object.keys(submission?.spec.resources ?? {})).toEqual([
      'cores',
      'memory_bytes',
      'walltime_seconds'
    ]);
  });

  it.each([
    [{ begin_at: 'soon' }, 'spec.placement.begin_at', 'not_a_moment'],
    [{ nodes: 'two' }, 'spec.resources.nodes', 'not_a_number'],
    [{ processes: 'x' }, 'spec.resources.processes', 'not_a_number'],
    [{ scratch: '10' }, 'spec.resources.scratch_bytes', 'not_a_size'],
    [{ native: "comment='a" }, 'spec.native', 'unbalanced_quotes'],
    [{ native: 'hint=a --hint=b' }, 'spec.native', 'duplicate_name']
  ])('%j cannot be sent', (changes, field, code) => {
    expect(toSubmission({ ...PLACED, ...changes }).issues).toEqual([
      { field, code }
    ]);
  });

  it('takes options with quotes and dashes as the tools of a site want them', () => {
    const native = `--comment='two words' k= exclusive`;
    const { submission } = toSubmission({ ...PLACED, native });
    expect(submission?.spec.native).toEqual({
      comment: 'two words',
      k: '',
      exclusive: null
    });
    const again = submission && toSubmission(fromSubmission(submission));
    expect(again?.submission).toEqual(submission);
  });

  it('begins at a moment that is shown in local time', () => {
    const text = toLocal('2026-12-01T18:30:59Z');
    expect(new Date(text).getTime()).toBe(Date.parse('2026-12-01T18:30:00Z'));
  });
});
