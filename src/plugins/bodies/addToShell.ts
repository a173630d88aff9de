import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { Widget } from '@lumino/widgets';

/**
 * Show a widget in the main area.
 *
 * A page of Notebook 7 holds one document only and takes no other: there it goes to the right.
 */
export function addToShell(
  shell: JupyterFrontEnd.IShell,
  widget: Widget
): void {
  shell.add(widget, 'main');
  if (!widget.isAttached) {
    shell.add(widget, 'right');
  }
  shell.activateById(widget.id);
}
