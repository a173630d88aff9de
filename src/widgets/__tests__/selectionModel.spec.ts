import type { BulkResult } from '../../model/bulk';
import { makeRow } from '../../views/__tests__/fixtures';
import { SelectionModel } from '../selectionModel';

const ORDER = ['a', 'b', 'c', 'd', 'e'];

function setUp(act = jest.fn()) {
  const model = new SelectionModel(act);
  const ids = () => [...model.snapshot.ids].sort().join('');
  return { act, model, ids };
}

function resultOf(...outcomes: [string, 'ok' | 'denied'][]): BulkResult {
  return {
    action: 'cancel',
    items: outcomes.map(([id, outcome]) => ({
      id,
      name: id,
      outcome,
      message: null
    }))
  };
}

it('one job is selected, and no longer', () => {
  const { model, ids } = setUp();
  model.toggle('b');
  model.toggle('d');
  expect(ids()).toBe('bd');
  model.toggle('b');
  expect(ids()).toBe('d');
});

it('a range grows and shrinks, and leaves what was selected before', () => {
  const { model, ids } = setUp();
  model.toggle('a');
  model.extend('c', 'd', ORDER);
  expect(ids()).toBe('acd');
  model.extend('d', 'e', ORDER);
  expect(ids()).toBe('acde');
  model.extend('e', 'd', ORDER);
  expect(ids()).toBe('acd');
});

it('a range that the user has left begins anew where he stands', () => {
  const { model, ids } = setUp();
  model.extend('a', 'b', ORDER);
  model.extend('d', 'e', ORDER);
  expect(ids()).toBe('abde');
});

it('a click with the shift key selects as far as that, upwards too', () => {
  const { model, ids } = setUp();
  model.toggle('d');
  model.extend(null, 'b', ORDER);
  expect(ids()).toBe('bcd');
});

it('a range whose begin vanished begins where it is asked', () => {
  const { model, ids } = setUp();
  model.toggle('gone');
  model.extend(null, 'b', ORDER);
  expect(ids()).toBe('bgone');
});

it('what was done is deselected, what was refused stays for another try', async () => {
  const result = resultOf(['a', 'ok'], ['b', 'denied']);
  const { model, ids } = setUp(jest.fn().mockResolvedValue(result));
  model.selectAll(ORDER.slice(0, 3));
  await model.run('cancel', [makeRow()]);
  expect(ids()).toBe('bc');
  expect(model.snapshot.result).toBe(result);
  model.toggle('d');
  expect(model.snapshot.result).toBeNull();
});

it('nothing changes if the user thought better of it', async () => {
  const { model, ids } = setUp(jest.fn().mockResolvedValue(null));
  model.selectAll(ORDER);
  await model.run('cancel', [makeRow()]);
  expect(ids()).toBe('abcde');
  expect(model.snapshot).toMatchObject({ isBusy: false, result: null });
});

it('one action runs at a time, and one that failed says why', async () => {
  let fail: (error: Error) => void = jest.fn();
  const act = jest.fn(() => new Promise<null>((_, reject) => (fail = reject)));
  const { model, ids } = setUp(act);
  model.selectAll(ORDER);
  const running = model.run('cancel', [makeRow()]);
  await model.run('forget', [makeRow()]);
  expect(act).toHaveBeenCalledTimes(1);
  expect(model.snapshot.isBusy).toBe(true);
  fail(new Error('disk full'));
  await running;
  expect(model.snapshot).toMatchObject({ isBusy: false, result: null });
  expect(model.snapshot.error?.message).toBe('disk full');
  expect(ids()).toBe('abcde');
});

it('is cleared, with what was said of the last action', async () => {
  const { model, ids } = setUp(
    jest.fn().mockResolvedValue(resultOf(['a', 'ok']))
  );
  model.selectAll(ORDER);
  await model.run('cancel', [makeRow()]);
  model.clear();
  expect(ids()).toBe('');
  expect(model.snapshot.result).toBeNull();
});
