import { access, constants } from 'node:fs/promises';
import { DataSource } from 'typeorm';
import type { DatabaseConfig } from '../../config/config.js';
import { dataSourceOptions, type Entities } from '../../database/data-source-options.js';
import { MOVED } from '../../database/migrations/schema.js';
import { waitingForLock } from '../../database/open-database.js';
import { SqliteConnection } from '../../database/sqlite/sqlite-connection.js';
import { FIND_LATEST } from '../../items/store/changes/changes.statements.js';
import { carriedTables } from './carried-tables.js';
import type { LastChange, MoveNote } from './move-note.js';
import { requireOurSchema } from './schema-of.js';
import type { Snapshot } from './snapshot.js';
import { SqliteRows } from './sqlite-rows.js';

/** An SQLite file that nobody else writes meanwhile: their changes wait for it, and fail. */
export interface HeldFile extends Pick<Snapshot, 'tables' | 'rows'> {
  /** Where it was moved, or was to be: since then it takes no changes. */
  moved: MoveNote | undefined;
  lastChange: LastChange | undefined;
  /** From here on it takes no changes for good, whoever has it open. */
  close(note: MoveNote): Promise<void>;
  /** From here on it takes changes again. */
  reopen(): Promise<void>;
}

/** Every write checks the list of migrations, so one that no release knows stops them all; see docs/decisions/0043. */
const MARK = `
DELETE FROM migrations WHERE name = '${MOVED}';
INSERT INTO migrations (timestamp, name) VALUES (9999999999999, '${MOVED}');
CREATE TABLE IF NOT EXISTS moved_to (server TEXT NOT NULL, "database" TEXT NOT NULL, place TEXT NOT NULL, move TEXT NOT NULL);
DELETE FROM moved_to`;
const NOTE = 'INSERT INTO moved_to (server, "database", place, move) VALUES (?, ?, ?, ?)';
const UNMARK = `DELETE FROM migrations WHERE name = '${MOVED}'; DROP TABLE IF EXISTS moved_to`;

/** Stands for a mark that names no place, which nobody makes: then no database is the right one. */
const NOWHERE: MoveNote = { server: '', database: '', place: 'a database that it does not name', move: '' };

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
    return await work({
      tables: carriedTables(source),
      rows: new SqliteRows(connection),
      moved: names.includes(MOVED) ? ((await noteIn(connection)) ?? NOWHERE) : undefined,
      lastChange: (await connection.all<LastChange>(FIND_LATEST, []))[0],
      close: async ({ server, database, place, move }) => {
        await connection.exec(MARK);
        await connection.all(NOTE, [server, database, place, move]);
        await connection.exec('COMMIT');
      },
      reopen: () => connection.exec(`${UNMARK}; COMMIT`),
    });
  } finally {
    await connection.finalize();
    // What is not committed is rolled back.
    await source.destroy();
  }
}

async function noteIn(connection: SqliteConnection): Promise<MoveNote | undefined> {
  const tables = await connection.all(`SELECT 1 FROM sqlite_schema WHERE name = 'moved_to'`, []);
  if (tables.length === 0) return undefined;
  return (await connection.all<MoveNote>('SELECT server, "database", place, move FROM moved_to', []))[0];
}
