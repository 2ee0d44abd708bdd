import { access, constants } from 'node:fs/promises';
import { DataSource } from 'typeorm';
import type { DatabaseConfig } from '../../config/config.js';
import { dataSourceOptions, type Entities } from '../../database/data-source-options.js';
import { MOVED } from '../../database/migrations/schema.js';
import { waitingForLock } from '../../database/open-database.js';
import { SqliteConnection } from '../../database/sqlite/sqlite-connection.js';
import { carriedTables } from './carried-tables.js';
import { requireOurSchema } from './schema-of.js';
import type { Snapshot } from './snapshot.js';
import { SqliteRows } from './sqlite-rows.js';

/** An SQLite file that nobody else writes meanwhile: their changes wait for it, and fail. */
export interface HeldFile extends Pick<Snapshot, 'tables' | 'rows'> {
  /** Whether it takes no changes, since it was moved. */
  isMoved: boolean;
  /** From here on it takes no changes for good, whoever has it open. */
  close(): Promise<void>;
  /** From here on it takes changes again. */
  reopen(): Promise<void>;
}

/** Every write checks the list of migrations, so one that no release knows stops them all; see docs/decisions/0043. */
const MARK = `INSERT INTO migrations (timestamp, name) VALUES (9999999999999, '${MOVED}')`;
const UNMARK = `DELETE FROM migrations WHERE name = '${MOVED}'`;

/** Holds a file until `work` is done. Throws Refused if its schema is not that of this release, and the errors of the driver. */
export async function withHeldFile<T>(
  config: DatabaseConfig & { engine: 'sqlite' },
  entities: Entities,
  work: (file: HeldFile) => Promise<T>,
): Promise<T> {
  await access(config.path, constants.R_OK | constants.W_OK);
  const source = await new DataSource(dataSourceOptions(config, 'backup', entities)).initialize();
  const connection = new SqliteConnection(source);
  try {
    await connection.exec('PRAGMA synchronous = FULL');
    await waitingForLock(() => connection.exec('BEGIN IMMEDIATE'), new AbortController().signal);
    const migrations = await connection.all<{ name: string }>('SELECT name FROM migrations', []);
    const names = migrations.map(({ name }) => name);
    requireOurSchema(names);
    const change = (sql: string) => connection.exec(`${sql}; COMMIT`);
    const isMoved = names.includes(MOVED);
    return await work({
      tables: carriedTables(source),
      rows: new SqliteRows(connection),
      isMoved,
      close: () => (isMoved ? connection.exec('COMMIT') : change(MARK)),
      reopen: () => change(UNMARK),
    });
  } finally {
    await connection.finalize();
    // What is not committed is rolled back.
    await source.destroy();
  }
}
