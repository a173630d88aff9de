import type { BulkResult } from '../model/bulk';
import type { ArrayTask, JobRow } from '../model/contract';
import type { TaskAction } from '../model/taskOrders';
import type { TaskTable } from '../stores/taskTable';
import type { ITaskSelecting } from '../views/job/TaskTable';
import { SelectionModel } from './selectionModel';
import type { ActOnMany } from './selectionModel';
import { TableSelection } from './tableModel';

/** Does something to some tasks of an array; null if the user thought better of it. */
export type ActOnTasks = (
  action: TaskAction,
  row: JobRow,
  tasks: readonly ArrayTask[]
) => Promise<BulkResult | null>;

/** Which tasks of an array are selected, and what came of the last action. */
export class TaskSelection {
  constructor(tasks: TaskTable, act: ActOnMany<ArrayTask>) {
    const idOf = ({ index }: ArrayTask): string => String(index);
    this.model = new SelectionModel(act);
    this._selected = new TableSelection(tasks, this.model, {
      idOf,
      newest: task => {
        const place = tasks.indexOf(idOf(task));
        return (place === null ? undefined : tasks.row(place)) ?? task;
      }
    });
    this.selecting = {
      onToggle: task => this._selected.toggle(task),
      onExtend: (from, to) => this._load(this._selected.extend(from, to)),
      onSelectAll: () => this._load(this._selected.selectAll()),
      onClear: () => this._selected.clear(),
      clear: () => this.model.clear(),
      run: (action, some) => void this.model.run(action, some)
    };
  }

  /** The selected tasks, each as it is now. */
  get rows(): ArrayTask[] {
    return this._selected.rows;
  }

  /** Tasks that cannot be had are not selected; the table says why it has none. */
  private _load(work: Promise<void>): void {
    work.catch(() => undefined);
  }

  readonly model: SelectionModel<ArrayTask>;
  /** What a view asks for; the same each time. */
  readonly selecting: ITaskSelecting;
  private readonly _selected: TableSelection<ArrayTask>;
}
