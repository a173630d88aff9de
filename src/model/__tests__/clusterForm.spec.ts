import {
  keptTexts,
  textsOf,
  toClusterSubmission,
  totalOf
} from '../clusterForm';
import type { ClusterTexts } from '../clusterForm';
import type { ClusterOffer } from '../contract';
import { readExample } from './examples';

const [OFFER] = (
  readExample('ClusterGatewayList.local') as { gateways: ClusterOffer[] }
).gateways;
const TEXTS = textsOf(OFFER);

function read(changes: Partial<ClusterTexts>) {
  return toClusterSubmission({ ...TEXTS, ...changes }, OFFER);
}

it('begins with the default cluster of the gateway', () => {
  expect(TEXTS).toMatchObject({
    gateway_id: 'local',
    name: '',
    workers: { kind: 'fixed', count: '4' },
    idle_stop: '1h',
    options: {
      worker_cores: '1',
      worker_memory_bytes: '1920MB',
      python: ''
    }
  });
  expect(read({}).submission).toEqual({
    gateway_id: 'local',
    spec: {
      workers: { kind: 'fixed', count: 4 },
      idle_stop_seconds: 3600,
      options: { worker_cores: 1, worker_memory_bytes: 2013265920 }
    }
  });
});

it('means what is typed', () => {
  const { submission } = read({
    name: 'crossmatch',
    workers: { kind: 'adaptive', count: 'x', minimum: '0', maximum: '8' },
    idle_stop: '90m',
    options: {
      worker_cores: '2',
      worker_memory_bytes: '1.5 GB',
      python: ' /opt/py/bin/python '
    }
  });
  expect(submission?.spec).toEqual({
    name: 'crossmatch',
    workers: { kind: 'adaptive', minimum: 0, maximum: 8 },
    idle_stop_seconds: 5400,
    options: {
      worker_cores: 2,
      worker_memory_bytes: 1.5 * 2 ** 30,
      python: '/opt/py/bin/python'
    }
  });
});

it('says at once of every field what cannot be sent', () => {
  const { submission, issues } = read({
    workers: { kind: 'adaptive', count: '', minimum: 'few', maximum: '' },
    idle_stop: 'never',
    options: { worker_cores: 'all', worker_memory_bytes: '8', python: '' }
  });
  expect(submission).toBeNull();
  expect(issues).toEqual([
    { field: 'spec.workers.minimum', code: 'not_a_number' },
    { field: 'spec.workers.maximum', code: 'required' },
    { field: 'spec.idle_stop_seconds', code: 'not_a_duration' },
    { field: 'spec.options.worker_cores', code: 'not_a_number' },
    { field: 'spec.options.worker_memory_bytes', code: 'not_a_size' }
  ]);
});

it('leaves to the server what is out of range, and to the gateway what is left empty', () => {
  const { submission } = read({
    workers: { ...TEXTS.workers, count: '-1' },
    idle_stop: '',
    options: { worker_cores: '', worker_memory_bytes: '', python: '' }
  });
  expect(submission?.spec).toEqual({
    workers: { kind: 'fixed', count: -1 },
    options: {}
  });
});

it('sends no option that the gateway does not have', () => {
  const other = { ...OFFER, options: { type: 'object' } };
  const { submission } = toClusterSubmission(TEXTS, other);
  expect(submission?.spec.options).toEqual({});
});

it('tells what all workers are together', () => {
  expect(totalOf(TEXTS, OFFER)).toEqual({
    workers: 4,
    cores: 4,
    memory_bytes: 4 * 2013265920,
    isMost: false
  });
  const workers = { ...TEXTS.workers, kind: 'adaptive', maximum: '2' } as const;
  const options = { ...TEXTS.options, worker_cores: '3' };
  expect(totalOf({ ...TEXTS, workers, options }, OFFER)).toMatchObject({
    cores: 6,
    isMost: true
  });
  const unreadable = { ...TEXTS.options, worker_memory_bytes: 'much' };
  expect(totalOf({ ...TEXTS, options: unreadable }, OFFER)).toBeNull();
});

describe('what the form was filled with last', () => {
  it('comes again, but for the name', () => {
    const last: ClusterTexts = {
      ...TEXTS,
      name: 'once',
      idle_stop: '2h',
      workers: { kind: 'adaptive', count: '1', minimum: '1', maximum: '3' },
      options: { ...TEXTS.options, python: '/p' }
    };
    const kept: unknown = JSON.parse(JSON.stringify(last));
    expect(keptTexts(kept, TEXTS)).toEqual({ ...last, name: '' });
  });

  it.each([
    [undefined],
    ['text'],
    [{}],
    [{ gateway_id: 'another', idle_stop: '9h' }],
    [{ gateway_id: 'local', idle_stop: 3, workers: [], options: null }],
    [{ gateway_id: 'local', workers: { kind: 'many', count: 4 } }]
  ])('may be anything: %j', kept => {
    expect(keptTexts(kept, TEXTS)).toEqual(TEXTS);
  });
});
