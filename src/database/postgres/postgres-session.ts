import type { Pool, PoolClient } from 'pg';
import type { QueryRunner } from 'typeorm';
import { processIdOf } from './postgres-client.js';

/** Error: the database is not in UTF-8, so it can't hold every text. */
export async function requireUtf8Database(runner: QueryRunner): Promise<void> {
  const [{ server_encoding: encoding }] = await runner.query('SHOW server_encoding');
  if (encoding !== 'UTF8') {
    throw new Error(
      `its encoding is ${encoding}, but UTF8 is needed. Create a database WITH ENCODING 'UTF8' TEMPLATE template0.`,
    );
  }
}

/**
 * Whether the database is read-only now, as a standby is. Error: the user is set to read only, not the server; only an
 * operator can change that.
 */
export async function isReadOnly(runner: QueryRunner): Promise<boolean> {
  const [{ readonly, standby }] = await runner.query(
    `SELECT current_setting('transaction_read_only') = 'on' AS readonly, pg_is_in_recovery() AS standby`,
  );
  if (!readonly || standby) return readonly as boolean;
  // The view is slow: it makes a row of every setting.
  const [{ source }] = await runner.query(
    `SELECT source FROM pg_settings WHERE name = 'default_transaction_read_only'`,
  );
  if (['user', 'database user', 'client'].includes(source as string)) {
    throw new Error('its user is set to read only (default_transaction_read_only). Use one that may write.');
  }
  return true;
}

/**
 * Error: connections go through a pooler that gives each transaction another session. Others would then get the settings
 * and prepared statements of the service's sessions.
 */
export async function requireSessions(pool: Pool): Promise<void> {
  const clients: PoolClient[] = [];
  let areOwn = false;
  const connect = async () => {
    const client = await pool.connect();
    clients.push(client);
    return client;
  };
  try {
    const first = await connect();
    const process = await serverProcessOf(first);
    // PostgreSQL tells each connection its server process; a pooler makes up a number.
    areOwn = process === processIdOf(first);
    if (areOwn) return;
    // A pooler that rotates shared sessions gives the connection another one at once. Otherwise the session just used goes to
    // the next connection that asks.
    if ((await serverProcessOf(first)) !== process) throw new SharedSessions();
    const other = await connect();
    await other.query('BEGIN');
    if ((await serverProcessOf(other)) === process) throw new SharedSessions();
    if ((await serverProcessOf(first)) !== process) throw new SharedSessions();
  } finally {
    for (const client of clients) client.release(!areOwn);
  }
}

class SharedSessions extends Error {
  constructor() {
    super(
      'connections go through a pooler in transaction mode (such as PgBouncer), but each needs a session of its own. ' +
        'Connect directly to PostgreSQL, since Items pools its connections itself, or set pool_mode = session.',
    );
  }
}

async function serverProcessOf(client: PoolClient): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0]!.pid;
}
