import * as fc from 'fast-check';

import { newForm } from '../form';
import { readTemplate, writeTemplate } from '../template';

describe('a template', () => {
  it('is the form again, to the letter as it was typed', () => {
    const form = newForm({
      kind: 'script',
      path: 'extract.py',
      memory: '1.5 GiB',
      walltime: '1-12:00',
      varied: [{ name: 'ra', value: '@targets.csv[ra]' }],
      mode: 'zip',
      tags: 'lens, project=rubin',
      variables: [{ name: 'OMP_NUM_THREADS', value: '2', isFromFile: false }]
    });
    expect(readTemplate(writeTemplate(form))).toEqual(form);
  });

  it('says only what differs from a new form', () => {
    const { form } = JSON.parse(writeTemplate(newForm({ name: 'fit' })));
    expect(form).toEqual({ kind: 'notebook', name: 'fit' });
  });

  it('leaves secrets behind, and of which job it was', () => {
    const text = writeTemplate(
      newForm({
        edited_job: 'job-7',
        variables: [
          { name: 'MY_TOKEN', value: 'abc', isFromFile: false },
          { name: 'API_KEY', value: 'keys/mine', isFromFile: true }
        ]
      })
    );
    expect(text).not.toMatch(/abc|job-7/);
    expect(text).toContain('keys/mine');
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '{"kind": '],
    ['a list', '[]'],
    ['null', 'null'],
    ['another file', '{"kind": "Topology", "version": 1, "form": {}}'],
    [
      'a template of a newer version',
      '{"kind": "jupyterlab-batch template", "version": 2, "form": {}}'
    ]
  ])('is not read from %s', (_, text) => {
    expect(readTemplate(text)).toBeNull();
  });

  it('takes what does not fit from a new form, and never throws', () => {
    const read = (form: unknown) =>
      readTemplate(
        JSON.stringify({ kind: 'jupyterlab-batch template', version: 1, form })
      );
    expect(read({ name: 7, cores: '4', varied: 'x', kind: 'none' })).toEqual(
      newForm({ cores: '4' })
    );
    expect(read(null)).toEqual(newForm());
    fc.assert(fc.property(fc.jsonValue(), form => read(form) !== undefined));
  });
});
