import { readClusterTemplate, writeClusterTemplate } from '../clusterTemplate';
import { textsOf } from '../clusterForm';
import type { ClusterOffer } from '../contract';
import { newForm } from '../form';
import { readTemplate, writeTemplate } from '../template';
import { readExample } from './examples';

const [OFFER] = (
  readExample('ClusterGatewayList.local') as { gateways: ClusterOffer[] }
).gateways;

it('a template is read as it was written, and is none of a job', () => {
  const texts = { ...textsOf(OFFER), name: 'nightly' };
  const text = writeClusterTemplate(texts);
  expect(readClusterTemplate(text)).toEqual(texts);
  expect(readTemplate(text)).toBeNull();
  expect(readClusterTemplate(writeTemplate(newForm()))).toBeNull();
});

it('what looks like a secret stays behind', () => {
  const options = { environment: { API_TOKEN: 'hidden', LEVEL: 'full' } };
  const text = writeClusterTemplate({
    ...textsOf(OFFER),
    options: options as never
  });
  expect(text).not.toContain('hidden');
  expect(text).toContain('full');
});

it.each([
  ['no JSON', '{'],
  ['a list', '[]'],
  ['null', 'null'],
  ['another kind', '{"kind": "x", "version": 1, "form": {}}'],
  [
    'a newer version',
    '{"kind": "jupyterlab-batch cluster template", "version": 2, "form": {}}'
  ],
  ['no form', '{"kind": "jupyterlab-batch cluster template", "version": 1}']
])('%s is none', (_, text) => {
  expect(readClusterTemplate(text)).toBeNull();
});
