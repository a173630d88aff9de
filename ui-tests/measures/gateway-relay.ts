import { once } from 'node:events';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands before a Dask Gateway: notes what is asked for, and can answer in place of a scheduler. */
export class GatewayRelay {
  private constructor(private readonly target: string) {}

  /** Stand before the gateway at an address. */
  static async start(target: string): Promise<GatewayRelay> {
    const relay = new GatewayRelay(target);
    relay.server.listen(0, '127.0.0.1');
    await once(relay.server, 'listening');
    return relay;
  }

  /** Where it is asked in place of the gateway. */
  get url(): string {
    const { port } = this.server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** Answer by this, from now on, whatever ends so. */
  answer(ending: string, told: () => unknown): void {
    this.scripted.set(ending, told);
  }

  /** When something was asked for since a moment; both in ms since the epoch. */
  asked(what: RegExp, since = 0): number[] {
    return this.calls
      .filter(({ at, path }) => at >= since && what.test(path))
      .map(({ at }) => at);
  }

  /** Listen no more. */
  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private pass(
    request: http.IncomingMessage,
    response: http.ServerResponse
  ): void {
    const path = request.url ?? '';
    this.calls.push({ at: Date.now(), path });
    const told = [...this.scripted].find(([ending]) => path.endsWith(ending));
    if (told) {
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify(told[1]()));
      return;
    }
    const { method, headers } = request;
    const onward = http.request(this.target + path, { method, headers });
    onward.on('response', answer => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  }

  private readonly calls: { at: number; path: string }[] = [];
  private readonly scripted = new Map<string, () => unknown>();
  private readonly server = http.createServer((request, response) =>
    this.pass(request, response)
  );
}
