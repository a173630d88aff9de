import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import type { AccordionPanel } from '@lumino/widgets';
import { screen } from '@testing-library/dom';
import userEvent from '@testing-library/user-event';

import { FakeClient } from '../../stores/__tests__/fakeClient';
import { JobStore } from '../../stores/jobs';
import { makeGateway } from '../../views/__tests__/fixtures';
import { CommandIDs } from '../jobCommands';
import { JobsPanel } from '../jobsPanel';

it('a section that is unfolded gets its part of the panel, and jobs keep most', async () => {
  const client = new FakeClient();
  client.gateways = [makeGateway()];
  const commands = new CommandRegistry();
  for (const id of [CommandIDs.refreshJobs, CommandIDs.newJob]) {
    commands.addCommand(id, {
      label: id,
      describedBy: { args: {} },
      execute: () => undefined
    });
  }
  const panel = new JobsPanel({
    client,
    jobs: new JobStore({ client }),
    commands,
    act: jest.fn(),
    loadClusters: async () => new Widget(),
    translator: nullTranslator
  });
  Widget.attach(panel, document.body);
  MessageLoop.flush();
  // where nothing has a size, sizes that are set are not kept
  const share = jest.spyOn(panel.content as AccordionPanel, 'setRelativeSizes');
  await userEvent.click(await screen.findByText('Allocations'));
  expect(share).toHaveBeenLastCalledWith([2, 0, 1]);
  await userEvent.click(screen.getByText('Dask clusters'));
  expect(share).toHaveBeenLastCalledWith([2, 1, 1]);
  panel.dispose();
});
