import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import * as React from 'react';

import type { Gateway } from '../../model/contract';
import { FilterBar } from '../jobs/FilterBar';
import { silentGateway } from './everyForm';
import { fixLocale, makeGateway, NOW, trans } from './fixtures';

fixLocale();

function setUp(gateways: readonly Gateway[], chosen: readonly string[] = []) {
  const spies = { onChoose: jest.fn(), onText: jest.fn() };
  render(
    <FilterBar
      gateways={gateways}
      chosen={chosen}
      text="lens"
      unknownPhases={[]}
      now={NOW}
      {...spies}
      trans={trans}
    />
  );
  return spies;
}

const some = (count: number): Gateway[] =>
  Array.from({ length: count }, (_, index) =>
    makeGateway({ id: `g${index}`, title: `Gateway ${index}` })
  );

it('has no chips for one gateway', () => {
  setUp(some(1));
  expect(screen.queryByRole('button')).toBeNull();
  expect(screen.getByRole('searchbox', { name: 'Filter jobs' })).toHaveValue(
    'lens'
  );
});

it('has a chip for each of a few, which chooses it or no longer', async () => {
  const { onChoose } = setUp(some(4), ['g1']);
  const chips = screen.getAllByRole('button');
  expect(chips.map(({ textContent }) => textContent)).toEqual([
    'Gateway 0',
    'Gateway 1',
    'Gateway 2',
    'Gateway 3'
  ]);
  expect(chips[1]).toHaveAttribute('aria-pressed', 'true');
  await userEvent.click(chips[1]);
  await userEvent.click(chips[2]);
  expect(onChoose.mock.calls).toEqual([[[]], [['g1', 'g2']]]);
});

it('tells how a gateway is', () => {
  const { health } = makeGateway();
  setUp([
    silentGateway(),
    makeGateway({
      id: 'a',
      title: 'A',
      health: { ...health, ok: false, as_of: '2026-11-22T22:42:09Z' }
    }),
    makeGateway({
      id: 'b',
      title: 'B',
      health: { ...health, auth_ok: false }
    })
  ]);
  expect(screen.getByRole('button', { name: 'A · 3 min old' })).toBeVisible();
  expect(
    screen.getByRole('button', { name: 'B · not signed in' })
  ).toBeVisible();
});

it('is a menu for many, with their health', async () => {
  const { onChoose } = setUp([...some(49), silentGateway()]);
  expect(screen.queryByRole('button')).toBeNull();
  const menu = screen.getByRole('combobox', { name: 'Gateway' });
  expect(within(menu).getAllByRole('option')).toHaveLength(51);
  expect(menu).toHaveTextContent('All gateways (1 not well)');
  await userEvent.selectOptions(menu, 'g7');
  await userEvent.selectOptions(menu, '');
  expect(onChoose.mock.calls).toEqual([[['g7']], [[]]]);
});

it('gives on what is typed; Escape empties it', async () => {
  const { onText } = setUp([]);
  const field = screen.getByRole('searchbox');
  await userEvent.type(field, 's');
  await userEvent.type(field, '{Escape}');
  expect(onText.mock.calls).toEqual([['lenss'], ['']]);
});
