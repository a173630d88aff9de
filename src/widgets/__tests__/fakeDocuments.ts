import type { IDocumentManager } from '@jupyterlab/docmanager';
import { Signal } from '@lumino/signaling';

/** A document that is open, as far as a watch looks at it. */
export class FakeDocument {
  readonly disposed = new Signal<this, void>(this);
  isDisposed = false;
  readonly model = new FakeModel();
  saves = 0;

  async save(): Promise<void> {
    this.saves += 1;
    this.model.change(false);
  }

  close(): void {
    this.isDisposed = true;
    this.disposed.emit();
  }
}

class FakeModel {
  readonly stateChanged = new Signal<this, void>(this);
  dirty = false;

  change(isDirty = true): void {
    this.dirty = isDirty;
    this.stateChanged.emit();
  }
}

/** The part of JupyterLab's document manager that knows which documents are open. */
export function openDocuments(
  open: Map<string, FakeDocument>
): IDocumentManager {
  const manager: Pick<IDocumentManager, 'findWidget' | 'contextForWidget'> = {
    // The widget stands for its document here.
    findWidget: path => open.get(path) as never,
    contextForWidget: widget => widget as never
  };
  return manager as IDocumentManager;
}
