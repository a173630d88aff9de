import { ServerConnection } from '@jupyterlab/services';
import type { Event } from '@jupyterlab/services';
import { Signal } from '@lumino/signaling';

import { readExample } from '../../model/__tests__/examples';
import { BatchClient } from '../client';
import { BatchError } from '../errors';

type Answer = (request: Request) => Response | Promise<Response>;

export const BASE = 'http://localhost:1234/user/ada/';

/** Why a server did not do what it was asked. */
export const PROBLEM = readExample('Problem.gateway-unreachable');

export function json(value: unknown, status = 200): Response {
  return new Response(JSON.stringify(value), { status });
}

/** A client of a server that answers so, what was asked of it and how often it was away. */
export function setUp(answer: Answer, timeoutMs?: number) {
  const requests: Request[] = [];
  const events = new Signal<Event.IManager, Event.Emission>(
    {} as Event.IManager
  );
  const client = new BatchClient({
    events,
    timeoutMs,
    serverSettings: ServerConnection.makeSettings({
      baseUrl: BASE,
      token: 'secret',
      init: { cache: 'default' },
      fetch: async input => {
        const request = input as Request;
        requests.push(request);
        return answer(request);
      }
    })
  });
  const failures: string[] = [];
  client.connectionFailed.connect(() => failures.push('failed'));
  return { client, requests, events, failures };
}

/** The error with which a call ends; it has to. */
export async function failureOf(
  promise: Promise<unknown>
): Promise<BatchError> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason
  );
  expect(error).toBeInstanceOf(BatchError);
  return error as BatchError;
}
