import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type { AllocationList, Gateway } from '../model/contract';
import type { IBatchClient, IJobStore } from '../tokens';

/** What may be used of one gateway, and why the last call failed. */
export type GatewayAllocations = Readonly<{
  id: string;
  title: string;
  /** Null until it was heard. */
  list: AllocationList | null;
  error: Error | null;
}>;

/** What may be used of each gateway that charges accounts. Frozen. */
export type AllocationsSnapshot = readonly GatewayAllocations[];

/** What the user may use, as it was when it was last asked for. */
export class AllocationStore implements IDisposable {
  constructor(
    private readonly _client: IBatchClient,
    private readonly _jobs: IJobStore
  ) {}

  get snapshot(): AllocationsSnapshot {
    return this._snapshot;
  }

  get changed(): ISignal<this, AllocationsSnapshot> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  /** Ask every gateway that charges accounts. */
  async refresh(fresh = false): Promise<void> {
    const charging = this._jobs.snapshot.gateways.filter(
      ({ capabilities }) => capabilities.accounts
    );
    this._publish(charging.map(gateway => this._entryOf(gateway)));
    await Promise.all(charging.map(gateway => this._ask(gateway, fresh)));
  }

  private async _ask({ id }: Gateway, fresh: boolean): Promise<void> {
    try {
      const list = await this._client.listAllocations(id, fresh);
      this._replace(id, { list, error: null });
    } catch (error) {
      this._replace(id, {
        error: error instanceof Error ? error : new Error(String(error))
      });
    }
  }

  private _entryOf({ id, title }: Gateway): GatewayAllocations {
    const known = this._snapshot.find(entry => entry.id === id);
    return { list: null, error: null, ...known, id, title };
  }

  private _replace(id: string, changes: Partial<GatewayAllocations>): void {
    if (!this._isDisposed) {
      this._publish(
        this._snapshot.map(entry =>
          entry.id === id ? { ...entry, ...changes } : entry
        )
      );
    }
  }

  private _publish(snapshot: AllocationsSnapshot): void {
    this._snapshot = Object.freeze(snapshot);
    this._changed.emit(this._snapshot);
  }

  private readonly _changed = new Signal<this, AllocationsSnapshot>(this);
  private _snapshot: AllocationsSnapshot = Object.freeze([]);
  private _isDisposed = false;
}
