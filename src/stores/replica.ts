import { BatchError } from '../api/errors';
import type {
  Changes,
  JobCounts,
  JobGroup,
  JobList,
  JobRow
} from '../model/contract';
import { dayStart } from '../model/day';
import type { ChangeHint } from '../model/decode';
import { groupOf, JOB_GROUPS } from '../model/phase';
import type { IBatchClient, IJobsSnapshot } from '../tokens';
import { JobRows, recount } from './snapshot';

/** So many jobs come at a time. */
const WINDOW_LIMIT = 50;

/** A copy of what the server knows of jobs: listed once, then followed by sequence numbers. */
export class JobReplica {
  constructor(client: IBatchClient) {
    this._client = client;
  }

  /** The newest known row of a job. */
  row(id: string): JobRow | undefined {
    return this._rows.get(id);
  }

  /** Tell whether a pushed hint says something that is not known yet. */
  isNews(hint: ChangeHint): boolean {
    return hint.store_id !== this._storeId || hint.seq > this._seq;
  }

  /** List at the next `sync`, whatever is known. */
  listAgain(): void {
    this._isListed = false;
  }

  /** What is known now, as parts of a snapshot. */
  state(): Pick<
    IJobsSnapshot,
    'groups' | 'counts' | 'finishedToday' | 'storeId' | 'seq' | 'clustersSeq'
  > {
    return {
      groups: this._rows.group(this._counts),
      counts: this._counts,
      finishedToday: this._finishedToday,
      storeId: this._storeId,
      seq: this._seq,
      clustersSeq: this._clustersSeq
    };
  }

  /**
   * Take a row that an action answered with; its event can come before or after.
   *
   * @returns whether it was news.
   */
  accept(row: JobRow): boolean {
    const replacements = this._rows.merge([row]);
    if (this._counts) {
      this._counts = recount(this._counts, replacements);
    }
    return replacements.length > 0;
  }

  /** Drop the rows of jobs that were forgotten; the server will ask for a new list. */
  drop(ids: readonly string[]): void {
    const removed = this._rows.remove(ids);
    if (this._counts) {
      const counts = { ...this._counts };
      removed.forEach(row => (counts[groupOf(row)] -= 1));
      this._counts = Object.freeze(counts);
    }
  }

  /** Ask the server for what changed, or for a list where that is not possible. */
  async sync(): Promise<void> {
    const wasListed = this._isListed;
    if (wasListed && (await this._follow())) {
      return;
    }
    // What could not be brought up to date may show jobs that are gone.
    await this._list(wasListed);
  }

  /** Changes when a gateway may be as it was not before. */
  get gatewaysSeq(): number {
    return this._gatewaysSeq;
  }

  /** Ask for older jobs of a group. */
  async loadMore(group: JobGroup): Promise<void> {
    const before = this._rows.count(group);
    let isMore = true;
    while (isMore && this._rows.count(group) === before) {
      const answer = await this._listNext(group);
      if (answer.store_id !== this._storeId) {
        return;
      }
      this._rows.merge(answer.rows);
      isMore = this._takePlace(group, answer);
      this._rows.group(this._counts);
    }
  }

  /** @returns whether the changes were had; false if a list is needed. */
  private async _follow(): Promise<boolean> {
    const storeId = this._storeId;
    for (;;) {
      const since = this._seq;
      const changes = await this._getChanges(since, storeId);
      if (changes === null || changes.store_id !== storeId) {
        return false;
      }
      this._rows.merge(changes.rows);
      this._take(changes);
      this._gatewaysSeq = changes.gateways_seq;
      this._clustersSeq = changes.clusters_seq;
      if (!changes.more || changes.seq <= since) {
        return true;
      }
    }
  }

  private async _getChanges(
    since: number,
    store_id: string
  ): Promise<Changes | null> {
    try {
      return await this._client.getChanges({
        since,
        store_id,
        day_start: today()
      });
    } catch (error) {
      if (error instanceof BatchError && error.status === 410) {
        return null;
      }
      throw error;
    }
  }

  private async _list(isAnew: boolean): Promise<void> {
    const answer = await this._client.listJobs({
      limit: WINDOW_LIMIT,
      day_start: today()
    });
    const isOther = answer.store_id !== this._storeId;
    if (isAnew || isOther || answer.seq < this._seq) {
      this._rows.clear();
    }
    if (isAnew) {
      // A list does not say whether one of the changes it stands for was a gateway's.
      this._gatewaysSeq = answer.seq;
    }
    this._clustersSeq = answer.clusters_seq;
    this._storeId = answer.store_id;
    this._cursors.clear();
    this._finishedShown = 0;
    this._rows.merge(answer.rows);
    this._take(answer);
    await Promise.all(JOB_GROUPS.map(group => this._fill(group)));
    this._isListed = true;
  }

  /** Jobs of a group can be older than all of the first list, and one that just ended too. */
  private async _fill(group: JobGroup): Promise<void> {
    const count = this._counts?.[group] ?? 0;
    const wanted = group === 'finished' ? count : Math.min(count, WINDOW_LIMIT);
    if (this._rows.count(group) < wanted) {
      const answer = await this._listNext(group);
      this._rows.merge(answer.rows);
      this._takePlace(group, answer);
    }
  }

  /** Ask for the next jobs of a group: the newest first, of the finished ones the last to end. */
  private _listNext(group: JobGroup): Promise<JobList> {
    return this._client.listJobs({
      group,
      limit: WINDOW_LIMIT,
      ...(group === 'finished'
        ? { sort: 'ended', offset: this._finishedShown }
        : { cursor: this._cursors.get(group) })
    });
  }

  /** Note where the list of a group goes on. @returns whether there are more. */
  private _takePlace(group: JobGroup, { rows, cursor }: JobList): boolean {
    if (group === 'finished') {
      const isMore = rows.length === WINDOW_LIMIT;
      // From the beginning, should one of them have moved past what was listed.
      this._finishedShown = isMore ? this._finishedShown + rows.length : 0;
      return isMore;
    }
    if (cursor === null) {
      this._cursors.delete(group);
    } else {
      this._cursors.set(group, cursor);
    }
    return cursor !== null;
  }

  private _take(answer: JobList | Changes): void {
    this._seq = answer.seq;
    this._counts = sameOrNew(this._counts, answer.counts);
    this._finishedToday = answer.finished_today;
    this._rows.group(this._counts);
  }

  private readonly _client: IBatchClient;
  private readonly _rows = new JobRows();
  private readonly _cursors = new Map<JobGroup, string>();
  private _counts: JobCounts | null = null;
  private _finishedToday: number | null = null;
  /** So many of the finished jobs were listed by their end. */
  private _finishedShown = 0;
  private _isListed = false;
  private _storeId = '';
  private _gatewaysSeq = 0;
  private _clustersSeq = 0;
  private _seq = 0;
}

/** When the day began here. */
function today(): string {
  return new Date(dayStart(Date.now())).toISOString();
}

/** Equal counts stay the same object, so that they are no change. */
function sameOrNew(known: JobCounts | null, next: JobCounts): JobCounts {
  return known && JOB_GROUPS.every(group => known[group] === next[group])
    ? known
    : Object.freeze(next);
}
