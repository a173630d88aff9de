import * as fc from 'fast-check';

import { LogStore } from '../log';
import { LogWindow } from '../logWindow';
import { FakeClient, settle } from './fakeClient';

const encoder = new TextEncoder();

/** Small, so that a test can reach them. */
const LIMITS = { first: 20, chunk: 40, window: 100, earlier: 150 };

function write(client: FakeClient, text: string, etag = '"1"'): void {
  client.log = { bytes: encoder.encode(text), etag };
}

function lines(first: number, last: number): string {
  let text = '';
  for (let number = first; number <= last; number++) {
    text += `line ${String(number).padStart(4, '0')}\n`;
  }
  return text;
}

function setUp(text: string, options: Partial<LogStore.IOptions> = {}) {
  const client = new FakeClient();
  write(client, text);
  const store = new LogStore({
    client,
    jobId: 'job',
    stream: 'stdout',
    isActive: true,
    limits: LIMITS,
    ...options
  });
  return { client, store };
}

async function setUpRead(text: string, options?: Partial<LogStore.IOptions>) {
  const parts = setUp(text, options);
  await settle();
  parts.client.calls.length = 0;
  return parts;
}

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

describe('LogStore', () => {
  it('shows a log that does not exist yet as empty, and then what comes', async () => {
    const { client, store } = await setUpRead('');
    expect(store.snapshot).toMatchObject({ text: '', size: 0, restarts: 0 });
    write(client, 'hello\n', '"2"');
    await jest.advanceTimersByTimeAsync(1000);
    expect(store.snapshot).toMatchObject({ text: 'hello\n', size: 6 });
    write(client, 'hello\nworld', '"2"');
    await jest.advanceTimersByTimeAsync(1000);
    expect(store.snapshot.text).toBe('hello\nworld');
    expect(store.snapshot.restarts).toBe(0);
  });

  it('shows the end of a long log first, from a whole line on', async () => {
    const { client, store } = setUp(lines(1, 1000));
    await settle();
    expect(client.calls[0]).toBe('log -20 20');
    expect(store.snapshot).toMatchObject({
      text: 'line 1000\n',
      start: 9980,
      end: 10000,
      size: 10000,
      hasEarlier: true,
      hasLater: false,
      isCut: false
    });
  });

  it('says that a line without an end is cut', async () => {
    const { store } = await setUpRead('x'.repeat(1000));
    expect(store.snapshot).toMatchObject({ text: 'x'.repeat(20), isCut: true });
  });

  it('keeps no more than its window, however much comes', async () => {
    const { client, store } = await setUpRead(lines(1, 2));
    write(client, lines(1, 11));
    await jest.advanceTimersByTimeAsync(1000);
    write(client, lines(1, 20));
    await jest.advanceTimersByTimeAsync(1000);
    expect(store.snapshot.end - store.snapshot.start).toBe(100);
    expect(store.snapshot.text).toBe(lines(12, 20));
    client.calls.length = 0;
    write(client, lines(1, 9000));
    await jest.advanceTimersByTimeAsync(1000);
    expect(client.calls).toEqual(['log 200 40', 'log -100 100']);
    expect(store.snapshot.text).toBe(lines(8992, 9000));
    expect(store.snapshot.restarts).toBe(0);
  });

  it('starts anew when the file was truncated or is another one', async () => {
    const { client, store } = await setUpRead(lines(1, 5));
    write(client, 'anew\n');
    await jest.advanceTimersByTimeAsync(1000);
    expect(store.snapshot).toMatchObject({ text: 'anew\n', restarts: 1 });
    write(client, 'other\nlonger\n', '"2"');
    await jest.advanceTimersByTimeAsync(1000);
    expect(store.snapshot).toMatchObject({
      text: 'other\nlonger\n',
      restarts: 2
    });
  });

  it('asks nothing while nobody looks or follows', async () => {
    const { client, store } = await setUpRead('a');
    store.isVisible = false;
    await jest.advanceTimersByTimeAsync(60_000);
    store.isVisible = true;
    store.follow(false);
    await settle();
    client.calls.length = 0;
    write(client, 'ab');
    await jest.advanceTimersByTimeAsync(60_000);
    expect(client.calls).toEqual([]);
    store.follow(true);
    await settle();
    expect(store.snapshot.text).toBe('ab');
  });

  it('asks nothing before somebody looks', async () => {
    const { client, store } = setUp('a', { isVisible: false });
    await jest.advanceTimersByTimeAsync(60_000);
    expect(client.calls).toEqual([]);
    store.isVisible = true;
    await settle();
    expect(store.snapshot.text).toBe('a');
  });

  it('reads to the end once the job is over, and asks no more', async () => {
    const { client, store } = await setUpRead('a');
    write(client, 'a' + lines(1, 9));
    store.isActive = false;
    await settle();
    expect(store.snapshot).toMatchObject({
      size: 91,
      end: 91,
      isComplete: true
    });
    client.calls.length = 0;
    await jest.advanceTimersByTimeAsync(60_000);
    expect(client.calls).toEqual([]);
  });

  it('shows earlier text, and follows again from there', async () => {
    const { client, store } = await setUpRead(lines(1, 30));
    for (let time = 0; time < 4; time++) {
      await store.loadEarlier();
    }
    expect(store.snapshot).toMatchObject({
      start: 120,
      end: 270,
      isFollowing: false,
      hasEarlier: true,
      hasLater: true
    });
    expect(store.snapshot.text).toBe(lines(14, 27));
    store.follow(true);
    await settle();
    expect(store.snapshot.text).toBe(lines(22, 30));
    expect(client.count(/log/)).toBeGreaterThan(4);
  });

  it('reaches the beginning and stays there', async () => {
    const { store } = await setUpRead(lines(1, 6));
    await store.loadEarlier();
    await store.loadEarlier();
    expect(store.snapshot).toMatchObject({
      text: lines(1, 6),
      start: 0,
      hasEarlier: false
    });
  });

  it('shows any place of the file, and what stands around it', async () => {
    const { client, store } = await setUpRead(lines(1, 1000));
    await store.goTo(5_003);
    expect(store.snapshot).toMatchObject({
      text: `${lines(500, 502)}lin`,
      isFollowing: false,
      hasEarlier: true,
      hasLater: true
    });
    client.calls.length = 0;
    await store.goTo(5_009);
    expect(client.calls).toEqual([]);
    await store.loadLater();
    await store.loadEarlier();
    expect(store.snapshot.text).toBe(`${lines(496, 506)}lin`);
    await store.goTo(3);
    expect(store.snapshot).toMatchObject({ text: lines(1, 4), start: 0 });
  });

  it('keeps what it shows when the server does not answer', async () => {
    const { client, store } = await setUpRead('a');
    client.isOffline = true;
    await jest.advanceTimersByTimeAsync(1000);
    await store.refresh();
    await store.loadEarlier();
    expect(store.snapshot.text).toBe('a');
    expect(store.snapshot.error?.message).toBe('Nobody answers');
    client.isOffline = false;
    write(client, 'ab');
    store.follow(true);
    await settle();
    expect(store.snapshot).toMatchObject({ text: 'ab', error: null });
  });

  it('says nothing after dispose', async () => {
    const { client, store } = await setUpRead('a');
    const release = client.hold();
    write(client, 'ab');
    const asked = store.refresh();
    await settle();
    let emitted = 0;
    store.changed.connect(() => (emitted += 1));
    store.dispose();
    release();
    await asked;
    client.calls.length = 0;
    await jest.advanceTimersByTimeAsync(60_000);
    expect(emitted).toBe(0);
    expect(client.calls).toEqual([]);
    expect(store.isDisposed).toBe(true);
  });
});

describe('LogWindow', () => {
  it('keeps the pieces that did not change, and cuts them at the same places', () => {
    const window = new LogWindow();
    window.append(encoder.encode(lines(1, 5_000)), 40_000);
    const before = window.read();
    window.append(encoder.encode(lines(5_001, 5_002)), 40_000);
    const after = window.read();
    expect(after.text).toBe(lines(1_004, 5_002));
    expect(after.pieces.map(({ text }) => text).join('')).toBe(after.text);
    const kept = after.pieces.filter(piece => before.pieces.includes(piece));
    expect(kept.length).toBe(before.pieces.length - 2);
  });

  it('cuts a line without an end', () => {
    const window = new LogWindow();
    window.append(encoder.encode('é'.repeat(100_000)), 1 << 20);
    const { text, pieces } = window.read();
    expect(text).toBe('é'.repeat(100_000));
    expect(pieces.length).toBeGreaterThan(1);
  });

  it('reads text that was cut anywhere, as if it was not', () => {
    const text = fc.array(fc.fullUnicodeString(), { minLength: 1 });
    fc.assert(
      fc.property(text, fc.array(fc.nat(50)), (pieces, cuts) => {
        const whole = pieces.join('\n');
        const bytes = encoder.encode(whole);
        const window = new LogWindow();
        let from = 0;
        for (const cut of [...cuts, bytes.length]) {
          const to = Math.min(bytes.length, from + cut);
          window.append(bytes.subarray(from, to), 1 << 20);
          expect(whole.startsWith(window.read().text)).toBe(true);
          from = to;
        }
        expect(window.read().text).toBe(
          new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
        );
      })
    );
  });

  it('begins with a whole character', () => {
    const window = new LogWindow();
    window.append(encoder.encode('€€€€'), 5);
    expect(window.read()).toMatchObject({ text: '€', isCut: true });
  });

  it('reads any bytes', () => {
    const window = new LogWindow();
    window.append(new Uint8Array([0, 159, 146, 150, 10, 65]), 100);
    expect(window.read().text).toMatch(/^\0\ufffd+\nA$/);
  });
});
