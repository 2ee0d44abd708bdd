import { access, constants } from 'node:fs/promises';
import { DataSource } from 'typeorm';
import type { DatabaseConfig } from '../../config/config.js';
import { dataSourceOptions, type Entities } from '../../database/data-source-options.js';
import { beginSession, poolOf, withClient } from '../../database/postgres/postgres-client.js';
import { requireSessions } from '../../database/postgres/postgres-session.js';
import { SqliteConnection } from '../../database/sqlite/sqlite-connection.js';
import { settleReader } from '../../database/sqlite/sqlite-settings.js';
import { FIND_LATEST } from '../../items/store/changes/changes.statements.js';
import { positionBehind, positionText, START } from '../../items/store/changes/position.js';
import type { TableShape } from '../file/table-shape.js';
import { carriedTables } from './carried-tables.js';
import { PostgresRows } from './postgres-rows.js';
import { requireOurSchema } from './schema-of.js';
import { SqliteRows } from './sqlite-rows.js';
import type { StoredRows } from './stored-rows.js';

/** What a database holds at one moment, however long it is read. */
export interface Snapshot {
  tables: TableShape[];
  rows: StoredRows;
  /** The position behind its last change, as followers have it. */
  position: string;
}

/** Runs a statement without parameters. */
type Query = <Row>(statement: string) => Promise<Row[]>;

/** No limit of the server, the database or the user may end what takes long. */
export const WITHOUT_LIMITS =
  'SET lock_timeout = 0; SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0';

/**
 * Reads a database that goes on being written. On SQLite its write-ahead log grows until this ends, on PostgreSQL old rows stay. Throws
 * Refused if the schema is not that of this release, and the errors of the driver and of the file system.
 */
export async function withSnapshot<T>(
  config: DatabaseConfig,
  entities: Entities,
  work: (snapshot: Snapshot) => Promise<T>,
): Promise<T> {
  // TypeORM makes the folders of a file that is not there.
  if (config.engine === 'sqlite') await access(config.path, constants.R_OK | constants.W_OK);
  const source = await new DataSource(dataSourceOptions(config, 'backup', entities)).initialize();
  try {
    return await (config.engine === 'sqlite' ? onFile(source, work) : onServer(source, work));
  } finally {
    await source.destroy();
  }
}

async function onFile<T>(source: DataSource, work: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  await settleReader(source);
  const connection = new SqliteConnection(source);
  try {
    await connection.exec('BEGIN');
    return await work(
      await snapshotOf(source, new SqliteRows(connection), (statement) => connection.all(statement, [])),
    );
  } finally {
    await connection.finalize();
  }
}

async function onServer<T>(source: DataSource, work: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  const pool = poolOf(source);
  await requireSessions(pool);
  return withClient(pool, async (client) => {
    await beginSession(client, WITHOUT_LIMITS);
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const query = async <Row>(statement: string) => (await client.query(statement)).rows as Row[];
    const result = await work(await snapshotOf(source, new PostgresRows(client), query));
    await client.query('COMMIT');
    return result;
  });
}

/** Its first statement takes the snapshot. */
async function snapshotOf(source: DataSource, rows: StoredRows, query: Query): Promise<Snapshot> {
  requireOurSchema((await query<{ name: string }>('SELECT name FROM migrations')).map(({ name }) => name));
  const [last] = await query<{ seq: number | string; commandId: string }>(FIND_LATEST);
  const position = positionText(last ? positionBehind(last.seq, last.commandId) : START);
  return { tables: carriedTables(source), rows, position };
}
