import { ALL_JOBS } from '../../model/query';
import { FilteredJobs } from '../filteredJobs';
import { idOf, settle } from './fakeClient';
import { setUpLive } from './liveStore';

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

const words = (...all: string[]) => ({ ...ALL_JOBS, words: all });

/** Let what was typed reach the server, and the answer come back. */
async function pass(): Promise<void> {
  await jest.advanceTimersByTimeAsync(1_100);
  await settle();
}

/** The names of the jobs that are shown of a group. */
const shown = (jobs: FilteredJobs, group: 'running' | 'finished'): string[] =>
  jobs.snapshot.groups[group].rows.map(({ name }) => name);

async function setUp(finished: number) {
  const parts = await setUpLive(2);
  for (let number = 3; number < 3 + finished; number++) {
    parts.client.put(number, { phase: 'COMPLETED' });
  }
  await parts.store.refresh();
  await settle();
  parts.client.calls.length = 0;
  const jobs = new FilteredJobs(parts.client, parts.store);
  return { ...parts, jobs };
}

it('shows what the store shows while nothing is chosen', async () => {
  const { client, jobs, store } = await setUp(3);
  expect(jobs.snapshot).toBe(store.snapshot);
  client.put(9);
  client.hint();
  await settle();
  expect(jobs.snapshot).toBe(store.snapshot);
});

it('chooses here, at once, when all jobs are known, and asks nobody', async () => {
  const { client, jobs } = await setUp(20);
  jobs.setFilter(words('job', '1'));
  expect(shown(jobs, 'running')).toEqual(['job 1']);
  expect(jobs.snapshot.counts).toMatchObject({ running: 1, finished: 11 });
  await pass();
  expect(client.calls).toEqual([]);
  jobs.setFilter(ALL_JOBS);
  expect(jobs.snapshot.counts).toMatchObject({ running: 2, finished: 20 });
});

describe('with more jobs than are known here', () => {
  it('shows what is known at once, and what the server finds as soon as it has', async () => {
    const { client, jobs } = await setUp(400);
    jobs.setFilter(words('job 5'));
    expect(jobs.snapshot.state).toBe('loading');
    jobs.setFilter(words('7'));
    expect(client.calls).toEqual([]);
    await pass();
    expect(client.count(/^list/)).toBe(4);
    const known = Array.from({ length: 400 }, (_, index) => `job ${index + 3}`);
    const found = known.filter(name => name.includes('7')).reverse();
    expect(jobs.snapshot.state).toBe('live');
    expect(jobs.snapshot.counts).toMatchObject({ finished: found.length });
    expect(shown(jobs, 'finished')).toEqual(
      expect.arrayContaining(found.slice(0, 50))
    );
    expect(jobs.snapshot.groups.finished.hasMore).toBe(true);
    await jobs.loadMore('finished');
    expect(shown(jobs, 'finished')).toEqual(found);
    expect(jobs.snapshot.groups.finished.hasMore).toBe(false);
  });

  it('an answer to what is no longer asked is thrown away', async () => {
    const { client, jobs } = await setUp(400);
    const answer = client.hold();
    jobs.setFilter(words('77'));
    await pass();
    jobs.setFilter(words('111'));
    answer();
    await pass();
    expect(shown(jobs, 'finished')).toEqual(['job 111']);
  });

  it('follows changes, and asks again at most once a second', async () => {
    const { client, jobs } = await setUp(400);
    jobs.setFilter(words('night'));
    await pass();
    client.calls.length = 0;
    for (let number = 0; number < 10; number++) {
      client.put(500 + number, { name: `night ${number}`, phase: 'COMPLETED' });
      client.hint();
      await settle();
    }
    expect(shown(jobs, 'finished')).toHaveLength(10);
    await pass();
    expect(client.count(/^list finished/)).toBeLessThanOrEqual(2);
    expect(jobs.snapshot.counts).toMatchObject({ finished: 10 });
  });

  it('a job that was forgotten is shown no more', async () => {
    const { jobs, store } = await setUp(400);
    jobs.setFilter(words('job'));
    await pass();
    expect(shown(jobs, 'finished')).toContain('job 399');
    store.drop([idOf(399)]);
    expect(shown(jobs, 'finished')).not.toContain('job 399');
  });

  it('a server that does not answer leaves what is known, and says so', async () => {
    const { client, jobs } = await setUp(400);
    client.isOffline = true;
    jobs.setFilter(words('job 402'));
    await pass();
    expect(shown(jobs, 'finished')).toEqual(['job 402']);
    expect(jobs.snapshot.error).not.toBeNull();
  });

  it('after its end it asks nothing more', async () => {
    const { client, jobs } = await setUp(400);
    jobs.setFilter(words('job 5'));
    jobs.dispose();
    await pass();
    expect(client.count(/^list/)).toBe(0);
  });
});
