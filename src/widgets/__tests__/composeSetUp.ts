import type { Contents } from '@jupyterlab/services';

import { newForm } from '../../model/form';
import type { FormContent } from '../../model/form';
import { DraftStore } from '../../stores/draft';
import { FakeClient } from '../../stores/__tests__/fakeClient';
import { JobStore } from '../../stores/jobs';
import { ComposeModel } from '../composeModel';
import { DocumentWatch } from '../documents';
import { FakeDocument, openDocuments } from './fakeDocuments';

const NOTEBOOK = {
  metadata: { kernelspec: { language: 'python' } },
  cells: [
    {
      cell_type: 'code',
      metadata: { tags: ['parameters'] },
      source: 'n = 3\n'
    }
  ]
};

/** Let the form be looked at: its check waits until typing stops. */
export async function rest(): Promise<void> {
  await jest.advanceTimersByTimeAsync(1_000);
}

/** A form and what it works with; it was looked at once. */
export async function setUp(
  content: Partial<FormContent> = {},
  options: Partial<ComposeModel.IOptions> = {},
  client = new FakeClient()
) {
  const jobs = new JobStore({ client });
  const get = jest.fn(async () => ({ content: NOTEBOOK }));
  const document = new FakeDocument();
  const model = new ComposeModel({
    client,
    jobs,
    draft: new DraftStore({
      client,
      content: newForm({ path: 'fit.ipynb', name: 'fit', ...content })
    }),
    contents: { get } as never as Contents.IManager,
    documents: new DocumentWatch(
      openDocuments(new Map([['fit.ipynb', document]]))
    ),
    isRestored: false,
    defaultGateway: '',
    ...options
  });
  await rest();
  return { client, jobs, get, document, model };
}
