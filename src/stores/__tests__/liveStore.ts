import { Signal } from '@lumino/signaling';

import type { JobGroup } from '../../model/contract';
import { CADENCE } from '../cadence';
import { JobStore } from '../jobs';
import { FakeClient, settle } from './fakeClient';

/** Within so long something is asked again after a failure. */
export const ALERT_MOST = CADENCE.alertMs[1];

/** A store that nobody uses yet, and its server with so many running jobs. */
export function setUp(jobs = 0) {
  const client = new FakeClient();
  const shown = new Signal<object, void>({});
  const connectionFailure = new Signal<object, Error>({});
  for (let number = 1; number <= jobs; number++) {
    client.put(number);
  }
  const store = new JobStore({ client, shown, connectionFailure });
  return { client, store, shown, connectionFailure };
}

/** A store that somebody uses; what it asked until now is forgotten. */
export async function setUpLive(jobs = 0) {
  const parts = setUp(jobs);
  const user = parts.store.attach();
  await settle();
  expect(parts.store.snapshot.state).toBe('live');
  parts.client.calls.length = 0;
  return { ...parts, user };
}

/** The names of the jobs of a group, as shown. */
export function names(store: JobStore, group: JobGroup): string[] {
  return store.snapshot.groups[group].rows.map(({ name }) => name);
}
