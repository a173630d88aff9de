import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import * as React from 'react';

import { BatchError } from '../../api/errors';
import type { Allocation, AllocationList, Check } from '../../model/contract';
import { readExample } from '../../model/__tests__/examples';
import { CostCard } from '../compose/CostCard';
import { AllocationsList } from '../jobs/AllocationsList';
import { amountText, holderText } from '../text/allocationText';
import { fixLocale, trans } from './fixtures';

fixLocale();

const CHECK = readExample('Check.warning') as Check;
const LIST = readExample('AllocationList.some') as AllocationList;
const [SHARED] = LIST.allocations;

function drawCost(charge: Check | null): HTMLElement {
  return render(<CostCard charge={charge} isChecking={false} trans={trans} />)
    .container;
}

it('the form says what it costs and what is left', () => {
  expect(drawCost(CHECK)).toHaveTextContent(
    /^Costup to 3,000 core-hours, likely 1,600Left in astro40,000 core-hours of 100,000/
  );
});

it('the form lists all that holds for the job, also of its queue', () => {
  drawCost(CHECK);
  expect(screen.getByText('3 limits hold for it')).toBeInTheDocument();
  const lines = screen.getAllByRole('listitem', { hidden: true });
  expect(lines.map(line => line.textContent)).toEqual([
    'astro60,001 of 100,000 core-hours used',
    'narrow in short, yours2 of 8 cores used',
    'astro, yoursat most 48 h in each job'
  ]);
});

it('what is not known is not said', () => {
  const left = { ...SHARED, used: null };
  expect(
    drawCost({
      ...CHECK,
      cost: { likely: null, at_most: 2.5, unit: 'gpu_hours' },
      allocation_left: left,
      limits: []
    })
  ).toHaveTextContent(/^Costup to 2\.5 GPU-hours$/);
});

it.each([null, readExample('Check.error') as Check])(
  'nothing stands there where nobody is charged',
  charge => {
    expect(drawCost(charge)).toBeEmptyDOMElement();
  }
);

it('every unit has its words', () => {
  const units: Allocation['unit'][] = [
    'cores',
    'core_hours',
    'gpus',
    'gpu_hours',
    'nodes',
    'node_hours',
    'bytes',
    'gigabyte_hours',
    'jobs',
    'submitted_jobs',
    'hours',
    'units',
    'unit_hours'
  ];
  const texts = units.map(unit => amountText(2048, unit, trans));
  expect(new Set(texts).size).toBe(units.length);
  expect(texts[6]).toBe('2 KB');
  expect(amountText(1, 'cores', trans)).toBe('1 core');
});

it('what holds in one queue alone says which', () => {
  const one = { ...SHARED, queue: 'gpu' };
  expect(holderText(one, trans)).toBe('astro in gpu');
  expect(holderText({ ...one, user: 'ada' }, trans)).toBe(
    'astro in gpu, yours'
  );
});

describe('the list of what may be used', () => {
  const full: Allocation = {
    ...SHARED,
    user: 'ada',
    limit: 'MaxTRESPU',
    unit: 'cores',
    granted: 8,
    used: 8,
    reserved: null,
    period: 'at_once'
  };
  const draw = (
    changes: Partial<AllocationList>,
    error: Error | null = null
  ) => {
    const onRefresh = jest.fn();
    render(
      <AllocationsList
        gateways={[
          { id: 'slurm', title: 'Slurm', list: { ...LIST, ...changes }, error }
        ]}
        onRefresh={onRefresh}
        trans={trans}
      />
    );
    return onRefresh;
  };

  it('has what is fullest first, and nothing that is of single jobs', () => {
    draw({ allocations: [...LIST.allocations, full] });
    const lines = screen.getAllByRole('listitem');
    expect(lines.map(line => line.textContent)).toEqual([
      'astro, yours8 of 8 cores used',
      'astro60,001 of 100,000 core-hours used'
    ]);
    expect(within(lines[0]).getByRole('progressbar')).toHaveAttribute(
      'value',
      '1'
    );
  });

  it('says of a limit whose use is not told how much it is', () => {
    draw({ allocations: [{ ...SHARED, used: null, reserved: null }] });
    expect(screen.getByRole('listitem')).toHaveTextContent(
      'at most 100,000 core-hours'
    );
    expect(screen.queryByRole('progressbar')).toBeNull();
  });

  it('says what is missing, how old it is, and asks again', async () => {
    const onRefresh = draw(
      { allocations: [], missing: 'This Slurm has no slurmdbd.' },
      new BatchError('gone', { status: 0, isOffline: true })
    );
    expect(screen.getByText('This Slurm has no slurmdbd.')).toBeVisible();
    expect(screen.getByText(/^As of /)).toBeVisible();
    expect(screen.getByText(/did not answer/)).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Ask again' }));
    expect(onRefresh).toHaveBeenCalled();
  });

  it('is a sentence where nobody is charged', () => {
    render(
      <AllocationsList gateways={[]} onRefresh={jest.fn()} trans={trans} />
    );
    expect(screen.getByText(/No gateway charges/)).toBeVisible();
  });
});
