import type { Problem } from '../model/contract';

/** A call of the server that did not do what it should: the one error of `BatchClient`. */
export class BatchError extends Error {
  constructor(message: string, options: BatchError.IOptions) {
    super(message);
    this.name = 'BatchError';
    this.status = options.status;
    this.problem = options.problem ?? null;
    this.isOffline = options.isOffline ?? false;
  }

  /** HTTP status; 0 if there was no answer. */
  readonly status: number;
  /** What our own server says about it; null if something else answered, or nothing. */
  readonly problem: Problem | null;
  /** The server could not be reached or did not answer in time; whether it acted is not known. */
  readonly isOffline: boolean;
}

export namespace BatchError {
  export interface IOptions {
    status: number;
    problem?: Problem | null;
    isOffline?: boolean;
  }
}
