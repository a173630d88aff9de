import { LogFinder } from '../logFinder';
import { FakeClient } from './fakeClient';

function setUp(text: string) {
  const client = new FakeClient();
  client.log = { bytes: new TextEncoder().encode(text), etag: 'a' };
  const { details } = client;
  const finder = new LogFinder({
    details,
    jobId: 'job',
    stream: 'stdout',
    task: null
  });
  return { client, finder };
}

it('goes from match to match, and on from the other end', async () => {
  const { finder } = setUp('..x...x..X.');
  const places: (number | undefined)[] = [];
  for (let step = 0; step < 4; step++) {
    await finder.find('x', 'next', null);
    places.push(finder.snapshot.match?.offset);
  }
  expect(places).toEqual([2, 6, 9, 2]);
  expect(finder.snapshot).toMatchObject({
    hasWrapped: true,
    all: [2, 6, 9],
    isLeast: false
  });
  await finder.find('x', 'previous', null);
  expect(finder.snapshot.match?.offset).toBe(9);
});

it('asks on until all of a long log was searched, and says how much', async () => {
  const { client, finder } = setUp('.'.repeat(100) + 'x');
  client.details.searched = 40;
  const searched: (number | null)[] = [];
  finder.changed.connect((_, now) => searched.push(now.searched));
  await finder.find('x', 'next', null);
  expect(finder.snapshot.match?.offset).toBe(100);
  expect(searched).toEqual(expect.arrayContaining([0, 40, 80]));
  expect(finder.snapshot.isLeast).toBe(true);
});

it('finds what tells of an error, or says that nothing does', async () => {
  const { client, finder } = setUp('fine\nValueError: no\n');
  await finder.find(null, 'next', null);
  expect(finder.snapshot.match?.offset).toBe(10);
  client.log = { ...client.log, bytes: new Uint8Array(0) };
  finder.stop();
  expect(finder.snapshot.query).toBeUndefined();
  await finder.find(null, 'next', null);
  expect(finder.snapshot).toMatchObject({ query: null, match: null, all: [] });
});

it('lets the last search win, and says when it failed', async () => {
  const { client, finder } = setUp('..x..y');
  const release = client.hold();
  const first = finder.find('x', 'next', null);
  const second = finder.find('y', 'next', null);
  release();
  await Promise.all([first, second]);
  expect(finder.snapshot).toMatchObject({ query: 'y', all: [5] });
  client.isOffline = true;
  await finder.find('y', 'next', null);
  expect(finder.snapshot.error?.message).toBe('Nobody answers');
  expect(finder.snapshot.searched).toBeNull();
});

it('says nothing after dispose', async () => {
  const { finder } = setUp('x');
  const asked = finder.find('x', 'next', null);
  let emitted = 0;
  finder.changed.connect(() => (emitted += 1));
  finder.dispose();
  await asked;
  expect(emitted).toBe(0);
});
