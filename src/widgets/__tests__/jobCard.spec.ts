import { nullTranslator } from '@jupyterlab/translation';
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { CommandRegistry } from '@lumino/commands';
import { Widget } from '@lumino/widgets';
import { screen, waitFor } from '@testing-library/dom';

import { BatchError } from '../../api/errors';
import { readExample } from '../../model/__tests__/examples';
import { FakeClient, idOf } from '../../stores/__tests__/fakeClient';
import { JobStore } from '../../stores/jobs';
import { readCard } from '../cardPayload';
import { CardRenderer, JOB_MIME_TYPE } from '../cardRenderer';
import { makeJobCard } from '../jobCards';
import { beforeEverySight, Sight } from './sight';

const ROW = {
  ...(readExample('JobRow.running') as object),
  id: idOf(1),
  name: 'job 1'
};
const PAYLOAD = { version: 1, job_id: idOf(1), row: ROW };

beforeEverySight();

function setUp(isTrusted = true, payload: unknown = PAYLOAD) {
  const client = new FakeClient();
  client.put(1);
  const jobs = new JobStore({ client });
  const getJobs = jest.fn(async () => jobs);
  const commands = new CommandRegistry();
  const other = new Widget() as Widget & IRenderMime.IRenderer;
  other.node.textContent = 'the HTML beside it';
  other.renderModel = async () => undefined;
  const createOther = jest.fn((): IRenderMime.IRenderer | null => other);
  const trans = nullTranslator.load('');
  const renderer = new CardRenderer({
    makeCard: drawn => makeJobCard({ getJobs, commands, trans }, drawn),
    createOther
  });
  const model = {
    data: { [JOB_MIME_TYPE]: payload },
    metadata: {},
    trusted: isTrusted,
    setData: () => undefined
  } as IRenderMime.IMimeModel;
  Widget.attach(renderer, document.body);
  return { client, jobs, getJobs, createOther, renderer, model };
}

it('draws the row that the output carries', async () => {
  const { renderer, model } = setUp();
  await renderer.renderModel(model);
  expect(await screen.findByRole('group', { name: 'job 1' })).toBeVisible();
  renderer.dispose();
});

it('asks for nothing before it is in sight, nor once it is out of it', async () => {
  const { client, jobs, renderer, model } = setUp();
  await renderer.renderModel(model);
  await screen.findByRole('group');
  expect(client.calls).toEqual([]);
  Sight.show(true);
  await waitFor(() => expect(jobs.snapshot.state).toBe('live'));
  expect(client.count(/^job$/)).toBe(1);
  Sight.show(false);
  expect(jobs.snapshot.state).toBe('idle');
  renderer.dispose();
});

it('shows the job as it is now', async () => {
  const { client, jobs, renderer, model } = setUp();
  client.put(1, { phase: 'COMPLETED', ended_at: '2026-11-22T22:40:09Z' });
  await renderer.renderModel(model);
  expect(await screen.findByText(/Running on slurm/)).toBeVisible();
  Sight.show(true);
  expect(await screen.findByText(/Completed on Slurm/)).toBeVisible();
  client.put(1, { phase: 'ARCHIVED' });
  client.hint();
  expect(await screen.findByText(/Archived on Slurm/)).toBeVisible();
  expect(jobs.snapshot.state).toBe('live');
  renderer.dispose();
  expect(jobs.snapshot.state).toBe('idle');
});

it('of a job that this server does not know stays a picture, and says so', async () => {
  const { renderer, model, client } = setUp(true, {
    ...PAYLOAD,
    job_id: idOf(9),
    row: { ...ROW, id: idOf(9) }
  });
  await renderer.renderModel(model);
  await screen.findByRole('group');
  Sight.show(true);
  expect(
    await screen.findByText('As it was when this output was made.')
  ).toBeVisible();
  expect(screen.queryByRole('button')).toBeNull();
  expect(client.count(/^job$/)).toBe(1);
  renderer.dispose();
});

it('in an untrusted notebook is inert: no store, no button, no clock', async () => {
  const { getJobs, client, renderer, model } = setUp(false);
  await renderer.renderModel(model);
  await screen.findByRole('group');
  Sight.show(true);
  expect(getJobs).not.toHaveBeenCalled();
  expect(client.calls).toEqual([]);
  expect(screen.queryByRole('button')).toBeNull();
  expect(document.body).not.toHaveTextContent(/of 1 h/);
  renderer.dispose();
});

it('that becomes trusted becomes live', async () => {
  const { jobs, renderer, model } = setUp(false);
  await renderer.renderModel(model);
  await renderer.renderModel({ ...model, trusted: true });
  await screen.findByRole('button', { name: 'Open' });
  expect(screen.getAllByRole('group')).toHaveLength(1);
  Sight.show(true);
  await waitFor(() => expect(jobs.snapshot.state).toBe('live'));
  renderer.dispose();
});

const GARBAGE: [string, unknown][] = [
  ['nothing', null],
  ['a text', '<img src=x>'],
  ['a list', [1, 2]],
  ['no row', { ...PAYLOAD, row: null }]
];

const UNREAD: [string, unknown][] = [
  ['another version', { ...PAYLOAD, version: 2 }],
  ['an unknown phase', { ...PAYLOAD, row: { ...ROW, phase: 'CD' } }],
  ['the row of another job', { ...PAYLOAD, job_id: idOf(2) }],
  ['a script for a name', { ...PAYLOAD, row: { ...ROW, name: { a: 1 } } }]
];

it.each(UNREAD)(
  'of %s is no card of this page: says to reload it, with what stands there as text',
  async (_, payload) => {
    expect(() => readCard(payload)).toThrow();
    const { createOther, getJobs, renderer, model } = setUp(true, payload);
    const text = { 'text/plain': ['<b>job 1</b>: ', 'Running'] };
    const data = { ...model.data, ...text };
    await renderer.renderModel({ ...model, data });
    expect(await screen.findByRole('note')).toHaveTextContent(
      /Reload the page/
    );
    expect(screen.getByText('<b>job 1</b>: Running')).toBeVisible();
    expect(createOther).not.toHaveBeenCalled();
    expect(getJobs).not.toHaveBeenCalled();
    renderer.dispose();
  }
);

it('of a server that answers otherwise says to reload the page', async () => {
  const { client, renderer, model } = setUp();
  client.getJob = () =>
    Promise.reject(new BatchError('<html>', { status: 200 }));
  await renderer.renderModel(model);
  Sight.show(true);
  expect(await screen.findByText(/Reload the page/)).toBeVisible();
  renderer.dispose();
});

it.each(GARBAGE)(
  'is not made of %s: what stands beside it is shown',
  async (_, payload) => {
    expect(() => readCard(payload)).toThrow();
    const { createOther, renderer, model } = setUp(true, payload);
    await renderer.renderModel(model);
    expect(createOther).toHaveBeenCalledWith(model);
    expect(await screen.findByText('the HTML beside it')).toBeVisible();
    expect(screen.queryByRole('group')).toBeNull();
    renderer.dispose();
  }
);

it('that is nothing, with nothing beside it, fails openly', async () => {
  const { createOther, renderer, model } = setUp(true, null);
  createOther.mockReturnValue(null);
  await expect(renderer.renderModel(model)).rejects.toThrow();
  renderer.dispose();
});

it('shows what stands beside it when the server’s part is not there', async () => {
  const { getJobs, renderer, model } = setUp();
  getJobs.mockRejectedValue(new Error('no such service'));
  await renderer.renderModel(model);
  expect(await screen.findByText('the HTML beside it')).toBeVisible();
  renderer.dispose();
});

it('that is closed while it is drawn leaves nothing behind', async () => {
  const { renderer, model, client } = setUp();
  const drawn = renderer.renderModel(model);
  renderer.dispose();
  await drawn;
  Sight.show(true);
  expect(screen.queryByRole('group')).toBeNull();
  expect(client.calls).toEqual([]);
});
