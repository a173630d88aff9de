import { JupyterFrontEnd } from '@jupyterlab/application';
import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import type { ServiceManager } from '@jupyterlab/services';
import type { Token } from '@lumino/coreutils';
import { Signal } from '@lumino/signaling';
import { PanelLayout, Widget } from '@lumino/widgets';

import plugins from '../../index';
import { IClusterClient } from '../../clusterTokens';
import { FakeClient } from '../../stores/__tests__/fakeClient';
import { FakeClusters } from '../../stores/__tests__/fakeClusters';
import { IBatchClient } from '../../tokens';

/** A shell whose side bars are folded in; which areas it has can be chosen. */
export class TestShell extends Widget implements JupyterFrontEnd.IShell {
  constructor() {
    super();
    this.layout = new PanelLayout();
  }

  areas: string[] = ['main', 'left', 'right'];
  active: string | null = null;

  get currentWidget(): Widget | null {
    return (
      this._added.find(({ widget }) => widget.id === this.active)?.widget ??
      null
    );
  }

  activateById(id: string): void {
    this.active = id;
    this.currentWidget?.show();
  }

  add(widget: Widget, area = 'main'): void {
    if (this.areas.includes(area)) {
      widget.setHidden(area === 'left');
      this._added.push({ widget, area });
      (this.layout as PanelLayout).addWidget(widget);
    }
  }

  *widgets(area?: string): IterableIterator<Widget> {
    for (const added of this._added) {
      if (!added.widget.isDisposed && (!area || added.area === area)) {
        yield added.widget;
      }
    }
  }

  private readonly _added: { widget: Widget; area: string }[] = [];
}

/** A front end with nothing in it but our plugins. */
export class TestApp extends JupyterFrontEnd<TestShell> {
  readonly name = 'test';
  readonly namespace = 'test';
  readonly version = '4';
}

const NO_CONTENTS = {
  addDrive: jest.fn(),
  get: async () => {
    throw new Error('There is no such file');
  }
};

/**
 * Start our plugins, with a client in memory, and with what is offered besides.
 *
 * @param offers - JupyterLab's own services by their tokens.
 */
export async function startApp(
  offers: readonly (readonly [Token<unknown>, unknown])[] = []
) {
  const shell = new TestShell();
  Widget.attach(shell, document.body);
  const serviceManager = {
    contents: NO_CONTENTS,
    kernelspecs: { specs: null },
    sessions: { running: () => [] },
    events: { stream: new Signal({}) },
    connectionFailure: new Signal({}),
    ready: Promise.resolve()
  };
  const app = new TestApp({
    shell,
    serviceManager: serviceManager as never as ServiceManager.IManager
  });
  const client = new FakeClient();
  const dask = new FakeClusters(client);
  const stands = new Map<unknown, unknown>([
    [IBatchClient, client],
    [IClusterClient, dask]
  ]);
  for (const plugin of plugins as JupyterFrontEndPlugin<unknown>[]) {
    const stand = plugin.provides && stands.get(plugin.provides);
    app.registerPlugin(stand ? { ...plugin, activate: () => stand } : plugin);
  }
  offers.forEach(([provides, service], index) =>
    app.registerPlugin({
      id: `test:offer-${index}`,
      description: 'Something of JupyterLab.',
      provides,
      activate: () => service
    })
  );
  for (const plugin of plugins) {
    if (plugin.autoStart) {
      await app.activatePlugin(plugin.id);
    }
  }
  return { app, shell, client, dask };
}
