import { Dialog, Notification } from '@jupyterlab/apputils';
import { screen, waitFor, within } from '@testing-library/dom';
import userEvent from '@testing-library/user-event';

/** Begin each test of a file without notices, and leave no dialog and no node to the next one. */
export function eachTestStartsClean(): void {
  beforeEach(() => {
    Notification.dismiss();
  });
  afterEach(() => {
    Dialog.flush();
    document.body.replaceChildren();
  });
}

/** What was told to the user since the last look, each where it is seen at once. */
export function notices(): string[] {
  const told = Notification.manager.notifications;
  // JupyterLab keeps one that does not close by itself after a time, and shows it nobody.
  expect(told.map(({ options }) => options.autoClose)).not.toContain(0);
  const messages = told.map(({ message }) => message);
  Notification.dismiss();
  return messages;
}

/** What a dialog is made of is loaded when it is first asked for. */
const LOADED = { timeout: 10_000 };

/** The dialog; jsdom does not know that it is open. */
export async function findDialog(): Promise<HTMLElement> {
  return screen.findByRole('dialog', { hidden: true }, LOADED);
}

export async function expectDialog(text: RegExp): Promise<void> {
  const dialog = await findDialog();
  await waitFor(() => expect(dialog).toHaveTextContent(text));
}

export async function answerDialog(button: string): Promise<void> {
  const dialog = await findDialog();
  await userEvent.click(
    within(dialog).getByRole('button', { name: button, hidden: true })
  );
}

/** A field of the dialog by its label. */
export async function field(label: string): Promise<HTMLElement> {
  const dialog = await findDialog();
  return within(dialog).findByLabelText(label);
}

/** Type into a field of the dialog, in place of what stands there. */
export async function type(label: string, text: string): Promise<void> {
  const input = await field(label);
  await userEvent.clear(input);
  await userEvent.type(input, text);
}
