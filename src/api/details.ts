import type { LogMatches } from '../model/contract';
import * as decode from '../model/decode';
import type { IFindQuery, IJobDetails } from '../tokens';
import type { Connection } from './connection';

/** What the server can tell of one job, over HTTP. */
export class JobDetails implements IJobDetails {
  constructor(connection: Connection) {
    this._connection = connection;
  }

  findInLog(id: string, query: IFindQuery): Promise<LogMatches> {
    return this._connection.sendFor(
      { path: ['jobs', id, 'log', 'find'], query: { ...query } },
      decode.decodeLogMatches
    );
  }

  fileUrl(id: string, path: string): string {
    return this._connection.urlOf({
      path: ['jobs', id, 'files', 'content'],
      query: { path }
    });
  }

  private readonly _connection: Connection;
}
