import { Inject, Injectable } from '@nestjs/common';
import { MONOTONIC_CLOCK, type MonotonicClock } from '../config/clock.js';
import { Reader } from '../database/reader.js';
import { single, type Family } from './family.js';

/** What is noted of the last backup: the moment that it holds (RFC 3339), and its size. */
export interface NotedBackup {
  madeAt: string;
  bytes: number;
}

const LAST_BACKUP = 'SELECT made_at AS "madeAt", bytes FROM last_backup';

/** How long what was found counts, in milliseconds: a scrape need not cost a query. */
const KEPT_MS = 10_000;

/** What `npm run backup` notes in the database. */
@Injectable()
export class LastBackup {
  private kept: { at: number; found: Promise<NotedBackup | undefined> } | undefined;

  constructor(
    private readonly reader: Reader,
    @Inject(MONOTONIC_CLOCK) private readonly now: MonotonicClock,
  ) {}

  /** Undefined if there is none. Throws DatabaseFault. */
  async find(): Promise<NotedBackup | undefined> {
    const at = this.now();
    if (!this.kept || at - this.kept.at >= KEPT_MS) this.kept = { at, found: this.read() };
    const { kept } = this;
    try {
      return await kept.found;
    } catch (error) {
      if (this.kept === kept) this.kept = undefined;
      throw error;
    }
  }

  private async read(): Promise<NotedBackup | undefined> {
    const [row] = await this.reader.rows<{ madeAt: string; bytes: number | string }>(LAST_BACKUP);
    return row && { madeAt: row.madeAt, bytes: Number(row.bytes) };
  }
}

/** The last backup. Nothing before there is one. */
export function backupFamilies(last: () => NotedBackup | undefined): Family[] {
  return [
    single(
      'gauge',
      'items_last_backup_timestamp_seconds',
      'The moment that the last backup holds, in seconds since 1970',
      () => {
        const backup = last();
        return backup && Date.parse(backup.madeAt) / 1_000;
      },
    ),
    single('gauge', 'items_last_backup_bytes', 'Size of the last backup', () => last()?.bytes),
  ];
}
