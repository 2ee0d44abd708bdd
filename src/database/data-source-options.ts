import { createRequire } from 'node:module';
import type { ClientBase } from 'pg';
import type { DataSourceOptions, MixedList, EntitySchema } from 'typeorm';
import type { DatabaseConfig } from '../config/config.js';
import { MIGRATIONS } from './migrations/index.js';
import { beginSession } from './postgres-client.js';

/** The reader serves every read, the writer makes every change; the migrator has no time limits. */
export type Role = 'reader' | 'writer' | 'migrator';

/** How long a migrator waits for SQLite's lock in a thread, which keeps the process from ending meanwhile. */
const MIGRATOR_BUSY_TIMEOUT_MS = 1_000;

/** On PostgreSQL; a start that meets a pooler takes two connections to see whether it shares sessions. */
const POOL_SIZES: Record<Role, number> = { reader: 10, writer: 2, migrator: 2 };

export type Entities = MixedList<Function | EntitySchema>;

/**
 * TypeORM's options for one side of the database, on either engine. SQLite: one connection each, since a statement would
 * join whatever transaction is open on it. PostgreSQL: a pool each.
 */
export function dataSourceOptions(database: DatabaseConfig, role: Role, entities: Entities): DataSourceOptions {
  const shared = { entities, migrations: MIGRATIONS, migrationsTableName: 'migrations', synchronize: false };
  if (database.engine === 'sqlite') {
    return {
      ...shared,
      type: 'sqlite',
      database: database.path,
      driver: quietSqlite(),
      busyTimeout: role === 'migrator' ? MIGRATOR_BUSY_TIMEOUT_MS : database.timeoutMs,
    };
  }
  const { address } = database;
  return {
    ...shared,
    type: 'postgres',
    // Not the URL: pg would read it once more in its own way.
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
      ...(role !== 'migrator' && timeLimits(role, database.timeoutMs)),
    },
  };
}

/**
 * Options of pg and pg-pool, which waits for onConnect before it hands a connection out. The server gives a statement up
 * somewhat before the client does, so that what became of a write is known unless the server says nothing at all.
 */
function timeLimits(role: Role, timeoutMs: number): object {
  const serverMs = Math.ceil(timeoutMs * 0.8);
  const readOnly = role === 'reader' ? '; SET default_transaction_read_only = on' : '';
  const settings = `SET lock_timeout = ${serverMs}; SET statement_timeout = ${serverMs}${readOnly}`;
  return { query_timeout: timeoutMs, onConnect: (client: ClientBase) => beginSession(client, settings) };
}

// TypeORM switches sqlite3 to verbose, which builds an Error for every statement: 1.4 to 1.5 times slower, and values
// can land in stacks.
function quietSqlite(): object {
  const sqlite3: object = createRequire(import.meta.url)('sqlite3');
  return Object.assign(Object.create(sqlite3) as object, { verbose: () => sqlite3 });
}
