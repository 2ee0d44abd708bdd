import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DataSource } from 'typeorm';
import type { DatabaseConfig } from '../../config/config.js';
import { dataSourceOptions } from '../../database/data-source-options.js';
import { makeFolders, removeFolders } from '../../database/folders.js';
import { planOf } from '../../database/migrate.js';
import { SqliteConnection } from '../../database/sqlite/sqlite-connection.js';
import { fillNext } from '../../items/store/search-step.js';
import { SQLITE_FILLING } from '../../items/search/search.statements.js';
import { discard, finish, requireAbsent, unfinishedName } from '../file/new-file.js';
import type { Place } from './place.js';
import { BEGIN_FILLING, FILLED_AT_ONCE } from './fill-search.js';
import { SqliteRows } from './sqlite-rows.js';

/**
 * Makes an SQLite file with the tables of a schema, lets `work` put rows into it, and brings it to the schema of this release. Nothing is at
 * the path until all that is done. Throws Refused if something is there already.
 */
export async function withNewFile<T>(
  config: DatabaseConfig & { engine: 'sqlite' },
  schema: number,
  work: (place: Place) => Promise<T>,
): Promise<T> {
  for (const suffix of ['', '-wal', '-shm', '-journal']) await requireAbsent(`${config.path}${suffix}`);
  const made = await makeFolders(dirname(config.path));
  const unfinished = unfinishedName(config.path);
  const source = new DataSource(dataSourceOptions({ ...config, path: unfinished }, 'migrator', []));
  try {
    // For its owner alone, as a backup is; SQLite gives what it puts beside it the same mode.
    await (await open(unfinished, 'wx', 0o600)).close();
    await source.initialize();
    const result = await filled(source, schema, work);
    await source.destroy();
    await finish(unfinished, config.path);
    return result;
  } catch (error) {
    if (source.isInitialized) await source.destroy();
    await discard(unfinished);
    await removeFolders(made);
    throw error;
  }
}

async function filled<T>(source: DataSource, schema: number, work: (place: Place) => Promise<T>): Promise<T> {
  const connection = new SqliteConnection(source);
  try {
    // If it fails the file is deleted, and if it succeeds the whole file is synced.
    await connection.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF');
    const runner = source.createQueryRunner();
    await (await planOf(source, runner)).carryOut(schema);
    const result = await work(placeOn(connection));
    await (await planOf(source, runner)).carryOut();
    await connection.exec(BEGIN_FILLING);
    const run = <Row>(statement: string, values: unknown[]) => connection.all<Row>(statement, values);
    while (await fillNext(run, SQLITE_FILLING, FILLED_AT_ONCE));
    await connection.exec('PRAGMA journal_mode = WAL');
    return result;
  } finally {
    await connection.finalize();
  }
}

function placeOn(connection: SqliteConnection): Place {
  const rows = new SqliteRows(connection);
  return {
    empty: ({ name }) => connection.exec(`DELETE FROM "${name}"`),
    add: (page) => rows.add(page),
    pages: (table) => rows.pages(table),
  };
}
