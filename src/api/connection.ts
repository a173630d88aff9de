import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type { Problem } from '../model/contract';
import { DecodeError, decodeProblem } from '../model/decode';
import type { Decoder } from '../model/decode';
import { BatchError } from './errors';

const ROOT = 'jupyterlab-batch/v1';

/** Of proxies in front of a server that is not there. */
const GATEWAY_STATUSES: readonly number[] = [502, 503, 504];

/** So long a batch system that is busy may let one wait, until the server says that nobody knows. */
const LONG_MS = 150_000;

type QueryValue = string | number | boolean;

/** One call, before it is sent. */
export interface ICall {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Segments below `jupyterlab-batch/v1/`; each is encoded. */
  path: readonly string[];
  /** A value that is a list is sent once for each of its items. */
  query?: Readonly<
    Record<string, QueryValue | readonly QueryValue[] | undefined>
  >;
  headers?: Readonly<Record<string, string>>;
  body?: unknown;
  /** It may take minutes: a batch system answers it, or much is removed. */
  isLong?: boolean;
}

/** An answer of our server that is no problem. */
export interface IAnswer {
  response: Response;
  bytes: Uint8Array;
}

/**
 * The one place that talks to the server.
 *
 * Every failure is a `BatchError`, whatever its cause.
 */
export class Connection {
  constructor(options: Connection.IOptions) {
    this._settings = options.serverSettings;
    this._timeoutMs = options.timeoutMs ?? 30_000;
  }

  /** A call could not reach the server, or the server not its store. */
  get failed(): ISignal<this, void> {
    return this._failed;
  }

  /** Send one call and read the whole answer. */
  async send(call: ICall): Promise<IAnswer> {
    const answer = await this._exchange(call);
    const { response, bytes } = answer;
    if (response.ok) {
      return answer;
    }
    const problem = readProblem(bytes);
    const isOffline =
      problem === null && GATEWAY_STATUSES.includes(response.status);
    if (isOffline || problem?.code === 'store_unavailable') {
      this._failed.emit();
    }
    throw new BatchError(
      problem?.message ?? `The server answered ${response.status}.`,
      { status: response.status, problem, isOffline }
    );
  }

  /** Send one call and decode its JSON answer. */
  async sendFor<T>(call: ICall, decoder: Decoder<T>): Promise<T> {
    const { response, bytes } = await this.send(call);
    try {
      return decoder(JSON.parse(new TextDecoder().decode(bytes)), '');
    } catch (error) {
      if (error instanceof SyntaxError || error instanceof DecodeError) {
        throw new BatchError(
          `The server's answer was not understood: ${error.message}`,
          { status: response.status }
        );
      }
      throw error;
    }
  }

  /** The address of a call. */
  urlOf({ path, query = {} }: ICall): string {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
      for (const one of [value ?? []].flat()) {
        search.append(name, String(one));
      }
    }
    const url = URLExt.join(
      this._settings.baseUrl,
      ROOT,
      ...path.map(encodeURIComponent)
    );
    const written = search.toString();
    return written ? `${url}?${written}` : url;
  }

  private async _exchange(call: ICall): Promise<IAnswer> {
    const abort = new AbortController();
    const timeoutMs = call.isLong ? LONG_MS : this._timeoutMs;
    const timer = setTimeout(() => abort.abort(), timeoutMs);
    try {
      const response = await ServerConnection.makeRequest(
        this.urlOf(call),
        {
          method: call.method ?? 'GET',
          headers: { ...call.headers },
          body: call.body === undefined ? null : JSON.stringify(call.body),
          signal: abort.signal
        },
        this._settings
      );
      return { response, bytes: new Uint8Array(await response.arrayBuffer()) };
    } catch (error) {
      this._failed.emit();
      throw new BatchError(
        error instanceof Error ? error.message : String(error),
        { status: 0, isOffline: true }
      );
    } finally {
      clearTimeout(timer);
    }
  }

  private readonly _settings: ServerConnection.ISettings;
  private readonly _timeoutMs: number;
  private readonly _failed = new Signal<this, void>(this);
}

export namespace Connection {
  export interface IOptions {
    serverSettings: ServerConnection.ISettings;
    /** After so long without a whole answer a call has failed that may not take long. */
    timeoutMs?: number;
  }
}

function readProblem(bytes: Uint8Array): Problem | null {
  try {
    return decodeProblem(JSON.parse(new TextDecoder().decode(bytes)), '');
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof DecodeError) {
      return null;
    }
    throw error;
  }
}
