import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import pg from 'pg';
import type sqlite from 'sqlite3';
import type { DatabaseConfig } from '../../../src/config/config.js';
import { queryByLender } from '../postgres/borrowed-database.js';

export type Row = Record<string, unknown>;

/** A connection to a database that bypasses the service: to look at what was stored, and to get in its way. */
export interface DirectConnection {
  /** The rows of one statement. Error: the driver's. */
  query(this: void, statement: string): Promise<Row[]>;
  close(this: void): Promise<void>;
}

/** Opens a connection that bypasses the service. */
export async function connectDirectly(database: DatabaseConfig): Promise<DirectConnection> {
  return database.engine === 'sqlite' ? connectToFile(database.path) : connectToServer(database.url);
}

/** One statement that bypasses the service. */
export async function queryDirectly(database: DatabaseConfig, statement: string): Promise<Row[]> {
  const result = database.engine === 'postgres' ? await queryByLender<Row>(database.url, statement) : undefined;
  if (result) return result.rows;
  const connection = await connectDirectly(database);
  try {
    return await connection.query(statement);
  } finally {
    await connection.close();
  }
}

async function connectToFile(path: string): Promise<DirectConnection> {
  const sqlite3 = createRequire(import.meta.url)('sqlite3') as typeof sqlite;
  const file = await new Promise<sqlite.Database>((resolve, reject) => {
    const opened = new sqlite3.Database(path, (error) => (error ? reject(error) : resolve(opened)));
  });
  const all = promisify(
    file.all.bind(file) as (statement: string, done: (error: Error | null, rows: Row[]) => void) => void,
  );
  return { query: all, close: promisify(file.close.bind(file)) };
}

async function connectToServer(url: string): Promise<DirectConnection> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return { query: async (statement) => (await client.query<Row>(statement)).rows, close: () => client.end() };
}
