import type { RemovalResult, RunDirectoryList } from '../model/contract';
import * as decode from '../model/decode';
import type { IRunDirectories } from '../tokens';
import type { Connection } from './connection';

/** The run directories of this server's jobs, over HTTP. */
export class RunDirectories implements IRunDirectories {
  constructor(connection: Connection) {
    this._connection = connection;
  }

  list(cursor: string | null, limit: number): Promise<RunDirectoryList> {
    return this._connection.sendFor(
      {
        path: ['run-directories'],
        query: { cursor: cursor ?? undefined, limit }
      },
      decode.decodeRunDirectoryList
    );
  }

  async remove(jobIds: readonly string[]): Promise<RemovalResult[]> {
    const { results } = await this._connection.sendFor(
      {
        method: 'POST',
        path: ['run-directories', 'remove'],
        body: { job_ids: jobIds },
        isLong: true
      },
      decode.decodeRemovalResults
    );
    return results;
  }

  private readonly _connection: Connection;
}
