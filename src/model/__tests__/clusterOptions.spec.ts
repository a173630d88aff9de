import { optionsOf, optionTexts, toOptions } from '../clusterOptions';
import type { ClusterOffer } from '../contract';
import type { FormIssue } from '../formIssue';
import { readExample } from './examples';

const [OFFER] = (
  readExample('ClusterGatewayList.dask-gateway') as { gateways: ClusterOffer[] }
).gateways;

function read(texts: Record<string, string>) {
  const issues: FormIssue[] = [];
  const options = toOptions(
    { ...optionTexts(OFFER, undefined), ...texts },
    OFFER,
    issues
  );
  return { options, issues };
}

it('draws all kinds of options that a Dask Gateway has', () => {
  expect(optionsOf(OFFER).map(({ name, kind }) => [name, kind])).toEqual([
    ['worker_cores', 'whole'],
    ['worker_memory', 'number'],
    ['image', 'choice'],
    ['environment', 'pairs'],
    ['note', 'text'],
    ['gpu', 'flag']
  ]);
  const [cores, memory] = optionsOf(OFFER);
  expect(cores).toMatchObject({ minimum: 1, maximum: 4 });
  expect(memory).toMatchObject({ minimum: 0.125, maximum: null });
});

it('begins with their defaults', () => {
  expect(optionTexts(OFFER, { image: 'Weekly' })).toEqual({
    worker_cores: '1',
    worker_memory: '0.25',
    image: 'Weekly',
    environment: 'OMP_NUM_THREADS=1',
    note: '',
    gpu: 'false'
  });
  expect(read({}).options).toEqual({
    worker_cores: 1,
    worker_memory: 0.25,
    image: 'Stable',
    gpu: false
  });
});

it('sends what is typed as what it is', () => {
  const { options, issues } = read({
    worker_memory: ' 1.5 ',
    environment: 'A=1\n\n B = two=2 ',
    note: 'deep',
    gpu: 'true'
  });
  expect(issues).toEqual([]);
  expect(options).toMatchObject({
    worker_memory: 1.5,
    environment: { A: '1', B: 'two=2' },
    note: 'deep',
    gpu: true
  });
  expect(read({ environment: '' }).options).toMatchObject({ environment: {} });
});

it('says at once what cannot be sent', () => {
  const { issues } = read({
    worker_cores: '1.5',
    worker_memory: 'much',
    environment: 'A'
  });
  expect(issues.map(({ field, code }) => [field, code])).toEqual([
    ['spec.options.worker_cores', 'not_a_number'],
    ['spec.options.worker_memory', 'not_a_decimal'],
    ['spec.options.environment', 'not_pairs']
  ]);
});
