import type { Gateway, ImportedSpec } from '../contract';
import { toSubmission } from '../draft';
import { readForm } from '../form';
import { fromScript, gatewayForScript, toldLines } from '../script';
import { readExample } from './examples';

const SCRIPT = readExample('ImportedSpec.script') as ImportedSpec;
const USUAL = { cores: '3', memory: '5 GB' };

function gateway(id: string, script_options: boolean): Gateway {
  const slurm = readExample('Gateway.slurm') as Gateway;
  return {
    ...slurm,
    id,
    capabilities: { ...slurm.capabilities, script_options }
  };
}

describe('a form filled in from a script', () => {
  const form = fromScript(SCRIPT, 'slurm', 'work/fit.sh', USUAL);

  it('holds what the script says, and what is usual where it says nothing', () => {
    expect(form).toMatchObject({
      kind: 'script',
      path: 'work/fit.sh',
      name: 'fit',
      gateway_id: 'slurm',
      processes: '4',
      queue: 'long',
      native: 'mail-type=END',
      walltime: '90m',
      cores: '3',
      memory: '5 GB',
      opened_script: 'work/fit.sh',
      opened_for: 'slurm'
    });
  });

  it('means what was read', () => {
    const { submission } = toSubmission(
      fromScript({ ...SCRIPT, assumed: [] }, 'slurm', 'work/fit.sh', USUAL)
    );
    expect(submission?.spec).toMatchObject(SCRIPT.spec);
  });

  it('is kept with the name of its script', () => {
    expect(readForm({ ...form })).toEqual(form);
  });
});

it('lines that are not honoured come first, all others as they stand in the script', () => {
  expect(toldLines(SCRIPT).map(({ line, fate }) => [line, fate])).toEqual([
    [6, 'refused'],
    [2, 'taken'],
    [3, 'taken'],
    [4, 'taken'],
    [5, 'passed_on']
  ]);
});

it.each([
  [['mine'], 'mine'],
  [['local'], 'slurm'],
  [['', 'local', 'mine'], 'mine'],
  [['gone'], 'slurm'],
  [[], 'slurm']
])('of %j the gateway that reads its lines is %s', (wanted, id) => {
  const gateways = [
    gateway('local', false),
    gateway('slurm', true),
    gateway('mine', true)
  ];
  expect(gatewayForScript(gateways, ...wanted)?.id).toBe(id);
});

it('where no gateway reads them it is the one that was wanted', () => {
  const gateways = [gateway('first', false), gateway('local', false)];
  expect(gatewayForScript(gateways, '', 'local')?.id).toBe('local');
  expect(gatewayForScript([], 'local')).toBeUndefined();
});
