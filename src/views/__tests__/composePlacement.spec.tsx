import { screen } from '@testing-library/react';

import { setUpForm } from './composeHarness';
import { fixLocale, makeGateway } from './fixtures';

fixLocale();

describe('what a site lets choose', () => {
  it('is offered where the gateway honours it, and nowhere else', async () => {
    const gateway = makeGateway();
    const accepts = [
      'placement.qos',
      'placement.reservation',
      'placement.begin_at',
      'placement.features',
      'resources.nodes',
      'resources.processes',
      'resources.scratch_bytes'
    ] as const;
    const site = {
      ...gateway.site,
      accepts: [...accepts],
      qos: [
        {
          name: 'high',
          title: 'high',
          accounts: [],
          max_walltime_seconds: 7200,
          default: false
        }
      ]
    };
    const queues = gateway.queues.map(queue => ({ ...queue, qos: null }));
    const { user, onChange } = setUpForm(
      {},
      { gateways: [{ ...gateway, queues, site }] }
    );
    const qos = screen.getByRole('combobox', { name: 'Quality of service' });
    await user.selectOptions(qos, 'high');
    expect(onChange).toHaveBeenLastCalledWith({ qos: 'high' });
    expect(qos).toHaveAccessibleDescription('At most 2 h.');
    expect(screen.getByRole('combobox', { name: 'Reservation' })).toBeVisible();
    expect(screen.getByLabelText('Begin at')).toBeVisible();
    await user.type(
      screen.getByRole('textbox', { name: 'Nodes', hidden: true }),
      '2'
    );
    expect(onChange).toHaveBeenLastCalledWith({ nodes: '2' });
    const options = screen.getByRole('textbox', {
      name: 'Options of the batch system'
    });
    await user.type(options, 'hold');
    expect(onChange).toHaveBeenLastCalledWith({ native: 'hold' });
  });

  it('stays in sight where something stands in it that the gateway does not take', () => {
    const gateway = makeGateway();
    const site = { ...gateway.site, accepts: [], native: [] };
    setUpForm({ qos: 'high' }, { gateways: [{ ...gateway, site }] });
    expect(
      screen.getByRole('combobox', { name: 'Quality of service' })
    ).toHaveValue('high');
    expect(screen.queryByRole('combobox', { name: 'Reservation' })).toBeNull();
    expect(screen.queryByLabelText('Options of the batch system')).toBeNull();
  });
});

describe('what jobs like it used before', () => {
  it('stands under the fields that it concerns', () => {
    const similar = {
      jobs: 40,
      max_elapsed_seconds: 2880,
      max_memory_bytes: 6 * 1024 ** 3
    };
    setUpForm({}, { similar });
    expect(
      screen.getByRole('textbox', { name: 'Memory' })
    ).toHaveAccessibleDescription(
      'At most 8 GB. The last 40 like this used 6 GB at most.'
    );
    expect(
      screen.getByRole('textbox', { name: 'Time limit' })
    ).toHaveAccessibleDescription(
      'The job is ended after it. The last 40 like this took 48 min at most.'
    );
  });

  it('is not said where it is not known', () => {
    const similar = {
      jobs: 1,
      max_elapsed_seconds: null,
      max_memory_bytes: null
    };
    const { container } = setUpForm({}, { similar });
    expect(container).not.toHaveTextContent(/like this/);
  });
});
