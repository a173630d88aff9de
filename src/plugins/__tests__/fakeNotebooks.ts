import type { INotebookTracker } from '@jupyterlab/notebook';

/** One cell of a notebook in memory. */
class FakeCell {
  readonly cell_type = 'code';

  constructor(private _source: string) {}

  getSource(): string {
    return this._source;
  }

  setSource(source: string): void {
    this._source = source;
  }
}

/** An open notebook, as far as code is put into it. */
export class FakeNotebook {
  constructor(path: string, sources: readonly string[]) {
    this.context = { path };
    this.id = `notebook-${path}`;
    this.model.sharedModel.cells.push(
      ...sources.map(text => new FakeCell(text))
    );
  }

  readonly id: string;
  readonly context: { path: string };
  readonly revealed = Promise.resolve();
  readonly sessionContext: { session: { kernel: unknown } | null } = {
    session: null
  };
  readonly model = {
    readOnly: false,
    defaultKernelLanguage: 'python',
    sharedModel: {
      cells: [] as FakeCell[],
      insertCell(index: number, { source }: { source: string }): void {
        this.cells.splice(index, 0, new FakeCell(source));
      }
    }
  };
  readonly content = {
    model: this.model,
    activeCellIndex: 0,
    mode: 'edit',
    deselectAll: jest.fn()
  };

  get sources(): string[] {
    return this.model.sharedModel.cells.map(cell => cell.getSource());
  }
}

/** The open notebooks; the first one is in front. */
export function trackerOf(
  notebooks: readonly FakeNotebook[]
): INotebookTracker {
  return {
    currentWidget: notebooks[0],
    forEach: (act: (notebook: FakeNotebook) => void) => notebooks.forEach(act)
  } as never as INotebookTracker;
}
