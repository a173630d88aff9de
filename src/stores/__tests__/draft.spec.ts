import { newForm } from '../../model/form';
import { DraftStore } from '../draft';
import { FakeClient, settle } from './fakeClient';

const DELAY_MS = 500;

function setUp() {
  const client = new FakeClient();
  const store = new DraftStore({
    client,
    content: newForm({ path: 'a.ipynb' })
  });
  return { client, store };
}

function kept(client: FakeClient, key: string): unknown {
  return client.drafts.get(key)?.content.name;
}

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

describe('DraftStore', () => {
  it('saves half a second after the last change, once', async () => {
    const { client, store } = setUp();
    const { key } = store.snapshot;
    store.update({ name: 'x' });
    await jest.advanceTimersByTimeAsync(DELAY_MS - 1);
    store.update({ name: 'xy' });
    expect(store.snapshot.state).toBe('unsaved');
    await jest.advanceTimersByTimeAsync(DELAY_MS - 1);
    expect(client.calls).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(client.calls).toEqual(['put xy']);
    expect(store.snapshot).toMatchObject({ key, state: 'saved', error: null });
    expect(kept(client, key)).toBe('xy');
  });

  it('saves nothing that nobody changed', async () => {
    const { client, store } = setUp();
    await jest.advanceTimersByTimeAsync(10 * DELAY_MS);
    store.dispose();
    await settle();
    expect(client.calls).toEqual([]);
  });

  it('saves at once when asked, and then not again', async () => {
    const { client, store } = setUp();
    store.update({ name: 'x' });
    await store.flush();
    await store.flush();
    await jest.advanceTimersByTimeAsync(10 * DELAY_MS);
    expect(client.calls).toEqual(['put x']);
  });

  it('never lets an older save be the last', async () => {
    const { client, store } = setUp();
    const release = client.hold();
    store.update({ name: 'x' });
    await jest.advanceTimersByTimeAsync(DELAY_MS);
    store.update({ name: 'xy' });
    await jest.advanceTimersByTimeAsync(DELAY_MS);
    expect(client.calls).toEqual(['put x']);
    release();
    await settle();
    expect(client.calls).toEqual(['put x', 'put xy']);
    expect(store.snapshot.state).toBe('saved');
  });

  it('keeps what was typed when it cannot be saved, and saves it later', async () => {
    const { client, store } = setUp();
    client.isOffline = true;
    store.update({ name: 'x' });
    await jest.advanceTimersByTimeAsync(DELAY_MS);
    expect(store.snapshot).toMatchObject({ state: 'failed' });
    expect(store.snapshot.content.name).toBe('x');
    await expect(store.flush()).rejects.toThrow('Nobody answers');
    client.isOffline = false;
    await store.flush();
    expect(store.snapshot).toMatchObject({ state: 'saved', error: null });
  });

  it('saves what is unsaved when it is closed', async () => {
    const { client, store } = setUp();
    store.update({ name: 'x' });
    store.dispose();
    await settle();
    expect(kept(client, store.snapshot.key)).toBe('x');
    store.update({ name: 'y' });
    expect(store.snapshot.content.name).toBe('x');
  });

  it('opens again under its key', async () => {
    const { client, store } = setUp();
    const { key } = store.snapshot;
    store.update({ name: 'x', parameters: { n: '3' } });
    await store.flush();
    const again = await DraftStore.restore({ client }, key);
    expect(again.snapshot).toMatchObject({
      key,
      content: store.snapshot.content,
      state: 'saved',
      isSent: false,
      jobId: null
    });
  });

  it('opens as sent when its key was sent', async () => {
    const { client, store } = setUp();
    const { key } = store.snapshot;
    await store.flush();
    const draft = client.drafts.get(key);
    client.drafts.set(key, { ...draft, key, sent: true, job_id: 'j' } as never);
    const again = await DraftStore.restore({ client }, key);
    expect(again.snapshot).toMatchObject({ isSent: true, jobId: 'j' });
  });

  it('does not open what is not there', async () => {
    const { client } = setUp();
    await expect(DraftStore.restore({ client }, 'no')).rejects.toMatchObject({
      status: 404
    });
  });

  it('takes a new key for another job', async () => {
    const { client, store } = setUp();
    const { key } = store.snapshot;
    await store.flush();
    store.markSent('j');
    expect(store.snapshot).toMatchObject({ isSent: true, jobId: 'j' });
    store.renew();
    expect(store.snapshot.key).not.toBe(key);
    expect(store.snapshot).toMatchObject({ isSent: false, jobId: null });
    await jest.advanceTimersByTimeAsync(DELAY_MS);
    expect([...client.drafts.keys()]).toEqual([key, store.snapshot.key]);
  });

  it('is gone for good when thrown away', async () => {
    const { client, store } = setUp();
    store.update({ name: 'x' });
    await store.flush();
    store.update({ name: 'xy' });
    await store.discard();
    store.dispose();
    await jest.advanceTimersByTimeAsync(10 * DELAY_MS);
    expect(client.drafts.size).toBe(0);
  });
});
