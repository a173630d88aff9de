import { screen, within } from '@testing-library/react';

import type { ImportedSpec } from '../../model/contract';
import { readExample } from '../../model/__tests__/examples';
import { setUpForm } from './composeHarness';
import { makeGateway } from './fixtures';

const IMPORTED = readExample('ImportedSpec.script') as ImportedSpec;
const FROM_SCRIPT = {
  script: { path: 'work/fit.sh', gatewayId: 'slurm', imported: IMPORTED }
};

function card(): HTMLElement {
  return screen.getByRole('region', { name: 'From fit.sh' });
}

function lines(): string[] {
  return within(card())
    .getAllByRole('listitem')
    .map(item => item.textContent ?? '');
}

describe('a script that was opened', () => {
  it('is told line by line, with what is not honoured first', () => {
    setUpForm({ kind: 'script', path: 'work/fit.sh' }, FROM_SCRIPT);
    expect(card()).toHaveTextContent('3 taken, 1 passed on, 1 not honoured.');
    expect(lines()).toEqual([
      'Line 6 --output=%j.logNot honoured. What Slurm alone knows (%j, %x) cannot be in the path of a log: only %a can.',
      'Line 2 --ntasks=4Taken into Processes',
      'Line 3 --partition=long,shortTaken into Queue. Only the first of them is taken.',
      'Line 4 --time=1:30:00Taken into Time limit',
      'Line 5 --mail-type=ENDPassed on as it is'
    ]);
    expect(card()).toHaveTextContent('The script does not say: Cores, Memory.');
  });

  it('each line that is in the job leads to its field', async () => {
    const { user } = setUpForm({ kind: 'script' }, FROM_SCRIPT);
    await user.click(
      within(card()).getByRole('button', { name: /--time=1:30:00/ })
    );
    expect(screen.getByRole('textbox', { name: 'Time limit' })).toHaveFocus();
    expect(
      within(card()).queryByRole('button', { name: /--output/ })
    ).toBeNull();
  });

  it('a line that the batch system itself would refuse is told as that', () => {
    const [line] = IMPORTED.refused;
    const refused = [{ ...line, is_invalid: true, reason: 'No such option.' }];
    setUpForm(
      {},
      { script: { ...FROM_SCRIPT.script, imported: { ...IMPORTED, refused } } }
    );
    expect(lines()[0]).toContain(
      'The batch system would refuse it. No such option.'
    );
  });

  it('was read for one gateway, which is said when another one is chosen', async () => {
    const { user } = setUpForm({}, FROM_SCRIPT);
    expect(within(card()).queryByRole('note')).toBeNull();
    await user.selectOptions(
      screen.getByRole('combobox', { name: 'Gateway' }),
      'local'
    );
    expect(within(card()).getByRole('note')).toHaveTextContent(
      'These lines were read for Slurm.'
    );
  });

  it.each([
    [true, 'The script says nothing of its job'],
    [false, 'Slurm reads no lines such as #SBATCH']
  ])('without lines says why: %s', (script_options, text) => {
    const gateway = makeGateway();
    gateway.capabilities = { ...gateway.capabilities, script_options };
    const imported = { ...IMPORTED, taken: [], passed_on: [], refused: [] };
    setUpForm(
      {},
      {
        gateways: [gateway],
        script: { ...FROM_SCRIPT.script, imported }
      }
    );
    expect(card()).toHaveTextContent(text);
  });
});

it('the form offers to open a script', async () => {
  const { user, onOpenScript } = setUpForm();
  await user.click(screen.getByRole('button', { name: 'Open script…' }));
  expect(onOpenScript).toHaveBeenCalledTimes(1);
});
