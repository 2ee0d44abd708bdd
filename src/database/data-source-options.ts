import { createRequire } from 'node:module';
import type { ClientBase } from 'pg';
import type { DataSourceOptions, MixedList, EntitySchema } from 'typeorm';
import type { DatabaseConfig } from '../config/config.js';
import { MIGRATIONS } from './migrations/index.js';
import { beginSession } from './postgres/postgres-client.js';

/**
 * The reader serves reads of single items, `lists` those that may take long, `feed` the changes in their order. The writer makes
 * every change. The migrator, the indexer and `backup`, which carries all rows away or in, have no time limits.
 */
type Role = 'reader' | 'lists' | 'feed' | 'writer' | 'migrator' | 'indexer' | 'backup';

/** SQLite's flag of the same name (sqlite.org/c3ref/open.html), without the one that creates a file. */
const OPEN_READWRITE = 2;

/** How long one of these waits for SQLite's lock. It waits in a thread, and the process can't end meanwhile. */
const MIGRATOR_BUSY_TIMEOUT_MS = 1_000;

/**
 * On PostgreSQL. The writer has two for changes of items and one for what is written beside them. Behind a pooler, a start needs
 * two connections to see whether sessions are shared.
 */
const POOL_SIZES: Record<Role, number> = {
  reader: 6,
  lists: 4,
  feed: 1,
  writer: 3,
  migrator: 2,
  indexer: 2,
  backup: 2,
};

export type Entities = MixedList<Function | EntitySchema>;

/**
 * TypeORM's options for one role, on either engine. On SQLite each role has one connection, since a statement joins any
 * transaction that is open on its connection. On PostgreSQL each role has a pool.
 */
export function dataSourceOptions(database: DatabaseConfig, role: Role, entities: Entities): DataSourceOptions {
  const shared = { entities, migrations: MIGRATIONS, migrationsTableName: 'migrations', synchronize: false };
  if (database.engine === 'sqlite') {
    return {
      ...shared,
      type: 'sqlite',
      database: database.path,
      driver: quietSqlite(),
      // The file is there. If it was lost, another one must not take its place.
      ...(['lists', 'feed', 'indexer', 'backup'].includes(role) && { flags: OPEN_READWRITE }),
      busyTimeout: isPatient(role) ? MIGRATOR_BUSY_TIMEOUT_MS : database.timeoutMs,
    };
  }
  const { address } = database;
  return {
    ...shared,
    type: 'postgres',
    // Not the URL: pg would parse it again, in its own way.
    host: address.host,
    port: address.port,
    username: address.user,
    password: address.password,
    database: address.database,
    ssl: address.tls,
    connectTimeoutMS: database.timeoutMs,
    installExtensions: false,
    applicationName: `${address.applicationName ?? 'items'} ${role}`,
    extra: {
      options: address.options,
      max: POOL_SIZES[role],
      ...(!isPatient(role) && timeLimits(role, database)),
    },
  };
}

function isPatient(role: Role): boolean {
  return role === 'migrator' || role === 'indexer' || role === 'backup';
}

/**
 * Options of pg, and of pg-pool, which waits for onConnect before it lends a connection. The server gives up on a statement
 * before the client does, so the outcome of a write is known unless the server stays silent.
 */
function timeLimits(role: Role, { timeoutMs, queryTimeoutMs }: DatabaseConfig): object {
  const serverMs = Math.ceil(timeoutMs * 0.8);
  const [statementMs, clientMs] =
    role === 'lists' || role === 'feed' ? [queryTimeoutMs, queryTimeoutMs + timeoutMs] : [serverMs, timeoutMs];
  // A statement that waits for a lock is not slow by itself, so it gives up on the lock first.
  const lockMs = Math.min(serverMs, Math.ceil(statementMs * 0.8));
  const readOnly = role !== 'writer' ? '; SET default_transaction_read_only = on' : '';
  const settings = `SET lock_timeout = ${lockMs}; SET statement_timeout = ${statementMs}${readOnly}`;
  return { query_timeout: clientMs, onConnect: (client: ClientBase) => beginSession(client, settings) };
}

// TypeORM makes sqlite3 verbose, which builds an Error for every statement: 1.4 to 1.5 times slower, and values can get
// into stack traces.
function quietSqlite(): object {
  const sqlite3: object = createRequire(import.meta.url)('sqlite3');
  return Object.assign(Object.create(sqlite3) as object, { verbose: () => sqlite3 });
}
