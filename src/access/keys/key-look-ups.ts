import { Inject, Injectable } from '@nestjs/common';
import { MONOTONIC_CLOCK, type MonotonicClock } from '../../config/clock.js';
import { DatabaseFault } from '../../database/faults/database-fault.js';
import { Database } from '../../database/database.js';
import { Gatherer } from '../../database/gatherer.js';
import { Reader } from '../../database/reader.js';
import type { SqliteFile } from '../../database/sqlite/sqlite-file.js';
import { MAX_LOOK_UPS } from './key.limits.js';
import { KnownKey, type FoundKey } from './known-key.js';
import { POSTGRES_FIND_KEYS, SQLITE_FIND_KEYS } from './keys.statements.js';

const GROUP_LIMITS = { maxCalls: 500, maxBytes: Infinity };

/**
 * Reads keys from the database. Calls that wait are read by one statement, and no statement began before its calls: what a
 * rotation wrote before a call is seen by it. On SQLite they fail while the open file is not the one at its path.
 */
@Injectable()
export class KeyLookUps {
  private readonly gatherer: Gatherer<string, KnownKey>;
  private readonly file: SqliteFile | undefined;
  private waiting = 0;

  constructor(
    private readonly reader: Reader,
    @Inject(MONOTONIC_CLOCK) private readonly monotonic: MonotonicClock,
    { file }: Database,
  ) {
    this.file = file;
    const limits = { ...GROUP_LIMITS, maxGroupsInFlight: file ? 1 : 2 };
    this.gatherer = new Gatherer({ run: (ids) => this.findTogether(ids) }, limits);
  }

  /** The key with this id. If there is none, or it was revoked, one that nobody has. Throws DatabaseFault. */
  async find(id: string): Promise<KnownKey> {
    if (this.waiting >= MAX_LOOK_UPS)
      throw new DatabaseFault('unavailable', new Error('too many look-ups of API keys'));
    this.waiting += 1;
    try {
      return await this.gatherer.call(id);
    } finally {
      this.waiting -= 1;
    }
  }

  private async findTogether(ids: string[]): Promise<KnownKey[]> {
    const readAt = this.monotonic();
    try {
      const rows = await this.findRows([...new Set(ids)]);
      // Behind the reading: then it was of the file that is there, in which keys are revoked.
      await this.file?.requireFiles();
      const keys = new Map(rows.map((row) => [row.id, new KnownKey(readAt, row)]));
      return ids.map((id) => keys.get(id)!);
    } catch (error) {
      // Nobody waits twice for a database that is away.
      this.gatherer.failWaiting(error);
      throw error;
    }
  }

  private findRows(ids: string[]): Promise<FoundKey[]> {
    return this.file
      ? this.reader.rows(SQLITE_FIND_KEYS, [JSON.stringify(ids)])
      : this.reader.rows(POSTGRES_FIND_KEYS, [ids]);
  }
}
