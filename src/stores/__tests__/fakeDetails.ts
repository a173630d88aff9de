import type {
  JobEvents,
  JobFiles,
  JobRecord,
  LogMatches,
  LogStream,
  TaskCauses,
  TaskPhases,
  TaskUsage
} from '../../model/contract';
import { readExample } from '../../model/__tests__/examples';
import type { IFileQuery, IFindQuery, IJobDetails } from '../../tokens';

/** What a server in memory tells of one job. */
export class FakeDetails implements IJobDetails {
  constructor(
    answer: <T>(call: string, answer: () => T) => Promise<T>,
    private readonly _log: () => Uint8Array
  ) {
    this._answer = answer;
  }

  /** So many bytes a search goes through at a time. */
  searched = Infinity;

  findInLog(_id: string, query: IFindQuery): Promise<LogMatches> {
    const { q = 'Error:', direction, limit } = query;
    const call = `find ${query.q ?? '!'} ${direction} ${query.offset ?? '-'} ${limit}`;
    return this._answer(call, () => {
      const text = new TextDecoder('latin1').decode(this._log());
      const size = text.length;
      const isNext = direction === 'next';
      const from = query.offset ?? (isNext ? 0 : size);
      const to = isNext
        ? Math.min(size, from + this.searched)
        : Math.max(0, from - this.searched);
      const all = [...text.matchAll(new RegExp(q, 'gi'))].map(
        ({ index = 0 }) => ({
          offset: index,
          length: q.length
        })
      );
      const matches = all.filter(({ offset }) =>
        isNext ? offset >= from && offset < to : offset < from && offset >= to
      );
      const shown = (isNext ? matches : matches.reverse()).slice(0, limit);
      const isAll = to === (isNext ? size : 0) && shown.length < limit;
      const last = shown[shown.length - 1]?.offset;
      const stop = shown.length < limit ? to : isNext ? last + 1 : last;
      return { size, matches: shown, stopped_at: isAll ? null : stop };
    });
  }

  getTaskPhases(): Promise<TaskPhases> {
    return this._answer('phases', () => {
      return readExample('TaskPhases.some') as TaskPhases;
    });
  }

  getTaskCauses(): Promise<TaskCauses> {
    return this._answer('causes', () => {
      return readExample('TaskCauses.some') as TaskCauses;
    });
  }

  getTaskUsage(): Promise<TaskUsage> {
    return this._answer('usage', () => {
      return readExample('TaskUsage.some') as TaskUsage;
    });
  }

  listFiles(_id: string, query: IFileQuery): Promise<JobFiles> {
    const { folder, offset } = query;
    return this._answer(`files /${folder} ${offset}`, () => {
      const files = readExample('JobFiles.some') as JobFiles;
      return folder ? { ...files, total: 0, files: [] } : files;
    });
  }

  listEvents(): Promise<JobEvents> {
    return this._answer('events', () => {
      return readExample('JobEvents.some') as JobEvents;
    });
  }

  getRecord(): Promise<JobRecord> {
    return this._answer('record', () => {
      return readExample('Record.some') as JobRecord;
    });
  }

  recordUrl(id: string): string {
    return `/records/${id}`;
  }

  logUrl(id: string, stream: LogStream, task: number | null): string {
    return `/logs/${id}/${task ?? 'all'}/${stream}`;
  }

  fileUrl(id: string, path: string): string {
    return `/files/${id}/${path}`;
  }

  private readonly _answer: <T>(call: string, answer: () => T) => Promise<T>;
}
