import { nullTranslator } from '@jupyterlab/translation';
import type { Contents } from '@jupyterlab/services';
import { MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import { screen, waitFor } from '@testing-library/dom';
import userEvent from '@testing-library/user-event';

import { Clock } from '../clock';
import { DocumentWatch } from '../documents';
import { LazyPanel } from '../lazyPanel';
import { OutputDrive } from '../outputDrive';
import { FakeDocument, openDocuments } from './fakeDocuments';

describe('the clock', () => {
  beforeEach(() => {
    jest.useFakeTimers({ now: 1_000_000 });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('goes while somebody looks', async () => {
    const clock = new Clock(1_000);
    const changed = jest.fn();
    clock.changed.connect(changed);
    await jest.advanceTimersByTimeAsync(5_000);
    expect(changed).not.toHaveBeenCalled();
    clock.start();
    await jest.advanceTimersByTimeAsync(2_500);
    expect(clock.snapshot).toBe(1_007_000);
    clock.stop();
    await jest.advanceTimersByTimeAsync(0);
    const { snapshot } = clock;
    await jest.advanceTimersByTimeAsync(5_000);
    expect(clock.snapshot).toBe(snapshot);
    clock.dispose();
  });

  it('stands still once it is disposed', async () => {
    const clock = new Clock(1_000);
    clock.start();
    await jest.advanceTimersByTimeAsync(0);
    const { snapshot } = clock;
    clock.dispose();
    clock.dispose();
    await jest.advanceTimersByTimeAsync(5_000);
    expect(clock.snapshot).toBe(snapshot);
  });
});

describe('the lazy panel', () => {
  const trans = nullTranslator.load('');

  function content(): Widget {
    const widget = new Widget();
    widget.node.textContent = 'jobs';
    return widget;
  }

  it('loads when it is first shown, once', async () => {
    const load = jest.fn(async () => content());
    const panel = new LazyPanel(load, trans);
    panel.hide();
    Widget.attach(panel, document.body);
    expect(load).not.toHaveBeenCalled();
    panel.show();
    await screen.findByText('jobs');
    panel.hide();
    panel.show();
    expect(load).toHaveBeenCalledTimes(1);
    panel.dispose();
  });

  it('says that it failed, and tries again by a click or the next look', async () => {
    const load = jest
      .fn(async () => content())
      .mockRejectedValueOnce(new Error('chunk 7 is gone'))
      .mockRejectedValueOnce(new Error('still gone'));
    const panel = new LazyPanel(load, trans);
    Widget.attach(panel, document.body);
    expect(await screen.findByRole('alert')).toHaveTextContent(
      /chunk 7 is gone.*Your jobs go on/
    );
    await userEvent.click(screen.getByRole('button', { name: 'Retry' }));
    await waitFor(() =>
      expect(screen.getByRole('alert')).toHaveTextContent('still gone')
    );
    panel.hide();
    panel.show();
    await screen.findByText('jobs');
    expect(screen.queryByRole('alert')).toBeNull();
    panel.dispose();
  });

  it('that is closed meanwhile leaves nothing behind', async () => {
    let deliver: (widget: Widget) => void = () => undefined;
    const panel = new LazyPanel(
      () => new Promise(resolve => (deliver = resolve)),
      trans
    );
    Widget.attach(panel, document.body);
    panel.dispose();
    const late = content();
    deliver(late);
    await waitFor(() => expect(late.isDisposed).toBe(true));
    MessageLoop.flush();
    expect(document.body).not.toHaveTextContent('jobs');
  });
});

describe('the watch of a document', () => {
  it('says when the document becomes dirty, is saved or closed', async () => {
    const file = new FakeDocument();
    const watch = new DocumentWatch(openDocuments(new Map([['a', file]])));
    const changed = jest.fn();
    watch.changed.connect(changed);
    expect(watch.isDirty).toBe(false);
    watch.watch('a');
    file.model.change();
    expect(watch.isDirty).toBe(true);
    await watch.save();
    expect(watch.isDirty).toBe(false);
    file.model.change();
    file.close();
    expect(watch.isDirty).toBe(false);
    expect(changed).toHaveBeenCalledTimes(5);
    watch.dispose();
  });

  it('lets go of a document for another, or for none', () => {
    const [first, second] = [new FakeDocument(), new FakeDocument()];
    const watch = new DocumentWatch(
      openDocuments(
        new Map([
          ['a', first],
          ['b', second]
        ])
      )
    );
    watch.watch('a');
    watch.watch('b');
    first.model.change();
    expect(watch.isDirty).toBe(false);
    second.model.change();
    expect(watch.isDirty).toBe(true);
    watch.watch('not open');
    expect(watch.isDirty).toBe(false);
    watch.watch('b');
    watch.dispose();
    expect(watch.isDirty).toBe(false);
  });
});

describe('the drive of outputs', () => {
  afterAll(() => drive.dispose());

  const get = jest.fn(async (path: string) => ({ path, writable: true }));
  const drive = new OutputDrive({ get } as never as Contents.IManager);

  it('shows files as they are now, which cannot be written', async () => {
    expect(await drive.get('out.ipynb')).toEqual({
      path: 'out.ipynb',
      writable: false
    });
    expect(await drive.listCheckpoints()).toEqual([]);
  });

  it.each([
    'newUntitled',
    'delete',
    'rename',
    'save',
    'copy',
    'createCheckpoint',
    'restoreCheckpoint',
    'deleteCheckpoint'
  ] as const)('refuses %s with a reason', async method => {
    await expect(drive[method]()).rejects.toThrow(/still writing/);
  });
});
