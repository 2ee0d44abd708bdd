import { DataSource } from 'typeorm';
import type { DatabaseConfig } from '../../config/config.js';
import { dataSourceOptions } from '../../database/data-source-options.js';
import { FOREIGN_MIGRATIONS } from '../../database/migrations/schema.js';
import { waitingForLock } from '../../database/open-database.js';

/** Notes in the database that a backup of it was made: `madeAt` (RFC 3339) is the moment that it holds. Errors are those of the driver. */
export async function noteBackup(config: DatabaseConfig, madeAt: string, bytes: number): Promise<void> {
  const source = await new DataSource(dataSourceOptions(config, 'backup', [])).initialize();
  const runner = source.createQueryRunner();
  const write = async () => {
    // On SQLite at once with the lock: a transaction that reads first would fail beside other writers.
    await runner.query(config.engine === 'sqlite' ? 'BEGIN IMMEDIATE' : 'BEGIN');
    const foreign = (await runner.query(FOREIGN_MIGRATIONS)) as unknown[];
    if (foreign.length === 0) {
      await runner.query('DELETE FROM last_backup');
      await runner.query(`INSERT INTO last_backup (made_at, bytes) VALUES ('${madeAt}', ${bytes})`);
    }
    await runner.query('COMMIT');
  };
  try {
    await waitingForLock(write, new AbortController().signal);
  } finally {
    await runner.release();
    await source.destroy();
  }
}
