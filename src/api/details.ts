import type {
  JobEvents,
  JobFiles,
  JobRecord,
  LogMatches,
  LogStream,
  TaskCauses,
  TaskPhases,
  TaskUsage
} from '../model/contract';
import * as decode from '../model/decode';
import type { IFileQuery, IFindQuery, IJobDetails } from '../tokens';
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

  getTaskPhases(id: string): Promise<TaskPhases> {
    return this._connection.sendFor(
      { path: ['jobs', id, 'tasks', 'phases'] },
      decode.decodeTaskPhases
    );
  }

  getTaskCauses(id: string): Promise<TaskCauses> {
    return this._connection.sendFor(
      { path: ['jobs', id, 'tasks', 'causes'] },
      decode.decodeTaskCauses
    );
  }

  getTaskUsage(id: string): Promise<TaskUsage> {
    return this._connection.sendFor(
      { path: ['jobs', id, 'tasks', 'usage'] },
      decode.decodeTaskUsage
    );
  }

  listFiles(id: string, query: IFileQuery): Promise<JobFiles> {
    return this._connection.sendFor(
      { path: ['jobs', id, 'files'], query: { ...query } },
      decode.decodeJobFiles
    );
  }

  listEvents(id: string): Promise<JobEvents> {
    return this._connection.sendFor(
      { path: ['jobs', id, 'events'] },
      decode.decodeJobEvents
    );
  }

  getRecord(id: string): Promise<JobRecord> {
    return this._connection.sendFor(
      { path: ['jobs', id, 'record'] },
      decode.decodeRecord
    );
  }

  recordUrl(id: string): string {
    return this._connection.urlOf({ path: ['jobs', id, 'record'] });
  }

  logUrl(id: string, stream: LogStream, task: number | null): string {
    return this._connection.urlOf({
      path: ['jobs', id, 'log', 'content'],
      query: { stream, task: task ?? undefined }
    });
  }

  fileUrl(id: string, path: string): string {
    return this._connection.urlOf({
      path: ['jobs', id, 'files', 'content'],
      query: { path }
    });
  }

  private readonly _connection: Connection;
}
