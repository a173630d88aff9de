import type { Contents, ServerConnection } from '@jupyterlab/services';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

/** The drive on which notebooks that are still being written open. */
export const OUTPUT_DRIVE = 'BatchOutput';

/** The files of the default drive as they are now, none of which can be changed. */
export class OutputDrive implements Contents.IDrive {
  constructor(contents: Contents.IManager) {
    this._contents = contents;
  }

  readonly name = OUTPUT_DRIVE;

  get serverSettings(): ServerConnection.ISettings {
    return this._contents.serverSettings;
  }

  get fileChanged(): ISignal<this, Contents.IChangedArgs> {
    return this._fileChanged;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  async get(
    path: string,
    options?: Contents.IFetchOptions
  ): Promise<Contents.IModel> {
    const model = await this._contents.get(path, options);
    return { ...model, writable: false };
  }

  getDownloadUrl(path: string): Promise<string> {
    return this._contents.getDownloadUrl(path);
  }

  async listCheckpoints(): Promise<Contents.ICheckpointModel[]> {
    return [];
  }

  newUntitled(): Promise<Contents.IModel> {
    return refuse();
  }

  delete(): Promise<void> {
    return refuse();
  }

  rename(): Promise<Contents.IModel> {
    return refuse();
  }

  save(): Promise<Contents.IModel> {
    return refuse();
  }

  copy(): Promise<Contents.IModel> {
    return refuse();
  }

  createCheckpoint(): Promise<Contents.ICheckpointModel> {
    return refuse();
  }

  restoreCheckpoint(): Promise<void> {
    return refuse();
  }

  deleteCheckpoint(): Promise<void> {
    return refuse();
  }

  private readonly _contents: Contents.IManager;
  private readonly _fileChanged = new Signal<this, Contents.IChangedArgs>(this);
  private _isDisposed = false;
}

function refuse(): Promise<never> {
  return Promise.reject(
    new Error('The job is still writing this file: it cannot be changed here.')
  );
}
