import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type { Phase } from '../model/contract';
import { ALL_JOBS, formatQuery, parseQuery } from '../model/query';
import type { JobFilter } from '../model/query';
import type { IJobStore } from '../tokens';

/** What is chosen to be shown, as it was typed and as it is meant. Frozen. */
export interface IFilterState {
  readonly text: string;
  /** Ids of gateways that are chosen besides. */
  readonly chosen: readonly string[];
  /** Phases that are chosen besides. */
  readonly phases: readonly Phase[];
  readonly filter: JobFilter;
  readonly unknownPhases: readonly string[];
}

/** What a person types and presses to see some jobs only. */
export class FilterModel implements IDisposable {
  /** @param query - What is typed at first. */
  constructor(
    private readonly _jobs: IJobStore,
    query = ''
  ) {
    this._read({ text: query });
    _jobs.changed.connect(this._onJobsChanged, this);
  }

  get snapshot(): IFilterState {
    return this._snapshot;
  }

  get changed(): ISignal<this, IFilterState> {
    return this._changed;
  }

  /** All that is chosen as one text, to be typed elsewhere. */
  get query(): string {
    return formatQuery(this._snapshot.filter);
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    this._jobs.changed.disconnect(this._onJobsChanged, this);
    Signal.clearData(this);
  }

  type(text: string): void {
    this._read({ text });
  }

  choose(chosen: readonly string[]): void {
    this._read({ chosen });
  }

  choosePhases(phases: readonly Phase[]): void {
    this._read({ phases });
  }

  clear(): void {
    this._read({ text: '', chosen: [], phases: [] });
  }

  /** Titles of gateways can be typed, so they decide what a text means. */
  private _onJobsChanged(): void {
    if (this._gateways !== this._jobs.snapshot.gateways) {
      this._read({});
    }
  }

  private _read(
    changes: Partial<Pick<IFilterState, 'text' | 'chosen' | 'phases'>>
  ): void {
    this._gateways = this._jobs.snapshot.gateways;
    const { text, chosen, phases } = { ...this._snapshot, ...changes };
    const { filter, unknownPhases } = parseQuery(text, this._gateways);
    const gateways = [...new Set([...filter.gateways, ...chosen])];
    const either = [...new Set([...filter.phases, ...phases])];
    this._snapshot = Object.freeze({
      text,
      chosen,
      phases,
      filter: Object.freeze({ ...filter, phases: either, gateways }),
      unknownPhases
    });
    this._changed.emit(this._snapshot);
  }

  private readonly _changed = new Signal<this, IFilterState>(this);
  private _gateways = this._jobs.snapshot.gateways;
  private _snapshot: IFilterState = {
    text: '',
    chosen: [],
    phases: [],
    filter: ALL_JOBS,
    unknownPhases: []
  };
  private _isDisposed = false;
}
