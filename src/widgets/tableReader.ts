import { ServerConnection } from '@jupyterlab/services';
import type { Contents } from '@jupyterlab/services';

import { parseCsv } from '../model/csv';
import { NO_TABLES } from '../model/sweep';
import type { TableReading, Tables } from '../model/sweep';

const MOST_BYTES = 20 * 1024 * 1024;

/** Reads the files whose columns a form names, and reads those again that have changed. */
export class TableReader {
  constructor(contents: Contents.IManager) {
    this._contents = contents;
  }

  /** Those that were read last. */
  get tables(): Tables {
    return this._tables;
  }

  /**
   * Read some files.
   *
   * @returns whether anything is different now.
   */
  async read(paths: readonly string[]): Promise<boolean> {
    const before = this._tables;
    const tables = await Promise.all(
      paths.map(async path => [path, await this._table(path)] as const)
    );
    const isSame =
      before.size === paths.length &&
      tables.every(([path, table]) => before.get(path) === table);
    if (!isSame) {
      this._tables = new Map(tables);
    }
    return !isSame;
  }

  private async _table(path: string): Promise<TableReading> {
    try {
      const { last_modified, size } = await this._contents.get(path, {
        content: false
      });
      const known = this._stamps.get(path) === last_modified;
      const before = this._tables.get(path);
      if (known && before !== undefined) {
        return before;
      }
      this._stamps.set(path, last_modified);
      if ((size ?? 0) > MOST_BYTES) {
        return 'file_too_large';
      }
      const { content } = await this._contents.get(path, {
        type: 'file',
        format: 'text',
        content: true
      });
      return parseCsv(String(content)) ?? 'not_a_table';
    } catch (error) {
      if (error instanceof ServerConnection.ResponseError) {
        return error.response.status === 404 ? 'file_missing' : 'not_a_table';
      }
      throw error;
    }
  }

  private readonly _contents: Contents.IManager;
  private readonly _stamps = new Map<string, string>();
  private _tables: Tables = NO_TABLES;
}
