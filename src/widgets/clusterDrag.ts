import { MimeData } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import { Drag } from '@lumino/dragdrop';

import type { Cluster } from '../model/contract';

/** What notebooks take when cells are dropped on them. */
const CELLS_MIME_TYPE = 'application/vnd.jupyter.cells';

/** Less is a press with an unsteady hand. */
const THRESHOLD_PX = 5;

/** Lets clusters be dragged from their list: where they are dropped stands the code that connects. */
export class ClusterDrag implements IDisposable {
  constructor(
    private readonly _node: HTMLElement,
    private readonly _options: ClusterDrag.IOptions
  ) {
    _node.addEventListener('pointerdown', this);
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    this._node.removeEventListener('pointerdown', this);
    this._end();
    this._drag?.dispose();
  }

  handleEvent(event: PointerEvent): void {
    switch (event.type) {
      case 'pointerdown':
        this._press(event);
        break;
      case 'pointermove':
        this._move(event);
        break;
      default:
        this._end();
    }
  }

  private _press(event: PointerEvent): void {
    const { target, button, clientX, clientY } = event;
    const element = target instanceof Element ? target : null;
    const row = element?.closest<HTMLElement>('[data-cluster-id]');
    const cluster = this._options.draggable(row?.dataset.clusterId ?? '');
    if (button === 0 && cluster && !element?.closest('button')) {
      this._pressed = { cluster, x: clientX, y: clientY, isAsked: false };
      EVENTS.forEach(name => document.addEventListener(name, this, true));
    }
  }

  private _move({ clientX, clientY }: PointerEvent): void {
    const pressed = this._pressed;
    if (!pressed) {
      return;
    }
    const distance = Math.hypot(clientX - pressed.x, clientY - pressed.y);
    if (!pressed.isAsked && distance < THRESHOLD_PX) {
      return;
    }
    pressed.x = clientX;
    pressed.y = clientY;
    if (!pressed.isAsked) {
      pressed.isAsked = true;
      void this._begin(pressed);
    }
  }

  /** The code comes from the server: meanwhile the mouse moves on, or is let go. */
  private async _begin(pressed: IPressed): Promise<void> {
    const code = await this._options.getCode(pressed.cluster);
    if (code === null || this._pressed !== pressed || this._isDisposed) {
      return;
    }
    this._end();
    const mimeData = new MimeData();
    mimeData.setData(CELLS_MIME_TYPE, [
      {
        cell_type: 'code',
        source: code,
        metadata: {},
        outputs: [],
        execution_count: null
      }
    ]);
    mimeData.setData('text/plain', code);
    this._drag = new Drag({
      mimeData,
      dragImage: imageOf(pressed.cluster),
      proposedAction: 'copy',
      supportedActions: 'copy',
      source: this
    });
    await this._drag.start(pressed.x, pressed.y);
    this._drag = null;
  }

  private _end(): void {
    this._pressed = null;
    EVENTS.forEach(name => document.removeEventListener(name, this, true));
  }

  private _pressed: IPressed | null = null;
  private _drag: Drag | null = null;
  private _isDisposed = false;
}

export namespace ClusterDrag {
  export interface IOptions {
    /** The cluster of a row, if a notebook can connect to it. */
    draggable: (id: string) => Cluster | undefined;
    /** Ask for the text of a cell that connects; null if it cannot be had, of which the user is told. */
    getCode: (cluster: Cluster) => Promise<string | null>;
  }
}

const EVENTS = ['pointermove', 'pointerup', 'pointercancel'] as const;

/** A row that is held down. */
interface IPressed {
  readonly cluster: Cluster;
  /** Where the mouse is since it has moved, where it was pressed before. */
  x: number;
  y: number;
  /** The mouse has moved, and the code is asked for. */
  isAsked: boolean;
}

/** What hangs at the mouse. */
function imageOf({ name }: Cluster): HTMLElement {
  const image = document.createElement('div');
  image.className = 'jp-BatchJobs-dragImage';
  image.textContent = name;
  return image;
}
