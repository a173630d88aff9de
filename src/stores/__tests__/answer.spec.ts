import { AnswerStore } from '../answer';

function setUp() {
  let count = 0;
  const ask = jest.fn(() => Promise.resolve(++count));
  const store = new AnswerStore(ask);
  return { ask, store };
}

/** Let everything happen that waits for nothing. */
const settled = (): Promise<void> => new Promise(done => setTimeout(done));

it('asks when somebody looks, and again when the answer may be another', async () => {
  const { ask, store } = setUp();
  store.expect('QUEUED');
  await settled();
  expect(ask).not.toHaveBeenCalled();
  store.look(true);
  await settled();
  expect(store.snapshot).toEqual({ answer: 1, error: null });
  store.expect('QUEUED');
  store.expect('EXECUTING');
  await settled();
  expect(store.snapshot.answer).toBe(2);
  store.look(false);
  store.expect('COMPLETED');
  await settled();
  expect(ask).toHaveBeenCalledTimes(2);
});

it('asks one question at a time, and once more for all that came meanwhile', async () => {
  const { ask, store } = setUp();
  await Promise.all([1, 2, 3, 4].map(() => store.refresh()));
  await settled();
  expect(ask).toHaveBeenCalledTimes(2);
});

it('keeps the last answer when there is none, and says so', async () => {
  const { ask, store } = setUp();
  await store.refresh();
  ask.mockImplementationOnce(() => Promise.reject(new Error('away')));
  await store.refresh();
  expect(store.snapshot).toEqual({ answer: 1, error: new Error('away') });
  store.dispose();
  await store.refresh();
  expect(ask).toHaveBeenCalledTimes(2);
});
