import { createRequire } from 'node:module';
import type { ClientBase } from 'pg';
import type { DataSourceOptions, MixedList, EntitySchema } from 'typeorm';
import type { DatabaseConfig } from '../config/config.js';
import { MIGRATIONS } from './migrations/index.js';

/** How long a statement waits for another's lock, on either engine, in milliseconds. */
const LOCK_TIMEOUT_MS = 2_000;
/** How long a connection may take, in milliseconds. */
const CONNECT_TIMEOUT_MS = 5_000;

/** The reader serves every read; the writer is the only one that changes anything. */
export type Role = 'reader' | 'writer';

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
      enableWAL: true,
      busyTimeout: LOCK_TIMEOUT_MS,
    };
  }
  return {
    ...shared,
    type: 'postgres',
    url: database.url,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    installExtensions: false,
    applicationName: `items ${role}`,
    extra: { max: role === 'writer' ? 2 : 10, onConnect: prepareSession(role) },
  };
}

// Options of pg-pool: it waits for this before it hands the connection out.
function prepareSession(role: Role): (client: ClientBase) => Promise<unknown> {
  const readOnly = role === 'reader' ? 'SET default_transaction_read_only = on' : '';
  return (client) => client.query(`SET lock_timeout = ${LOCK_TIMEOUT_MS}; ${readOnly}`);
}

// TypeORM switches sqlite3 to verbose, which builds an Error for every statement: 1.4 to 1.5 times slower, and values
// can land in stacks.
function quietSqlite(): object {
  const sqlite3: object = createRequire(import.meta.url)('sqlite3');
  return Object.assign(Object.create(sqlite3) as object, { verbose: () => sqlite3 });
}
