import { usesCluster } from '../clusterUse';

const CLUSTER = { id: '01J0', native_id: 'n-7', name: 'pairs é' };

it.each([
  ['scheduler_file="/x/01J0/scheduler.json"', true],
  ['gateway.connect("n-7")', true],
  ['batch.cluster("pairs é").client()', true],
  ["cluster = batch.cluster('pairs é')\nclient = cluster.client()", true],
  ['c = %batch cluster start --name pairs é\nc.client()', true],
  ['batch.cluster("pairs é").scale(2)', false],
  ['batch.cluster("pairs").client()', false],
  ['pairs é; gateway.client()', false],
  ['1 + 1', false]
])('%s: %s', (source, isUser) => {
  expect(usesCluster(JSON.stringify({ source }), CLUSTER)).toBe(isUser);
});

it('one without an id of its own is not meant by every notebook', () => {
  expect(usesCluster('null', { ...CLUSTER, native_id: null })).toBe(false);
});
