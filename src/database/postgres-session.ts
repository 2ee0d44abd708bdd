import type { Pool, PoolClient } from 'pg';
import type { QueryRunner } from 'typeorm';
import { processIdOf } from './postgres-client.js';

/** Error: the database can't hold every text. */
export async function requireUtf8Database(runner: QueryRunner): Promise<void> {
  const [{ server_encoding: encoding }] = await runner.query('SHOW server_encoding');
  if (encoding !== 'UTF8') {
    throw new Error(
      `its encoding is ${encoding}, where UTF8 is needed. Make one WITH ENCODING 'UTF8' TEMPLATE template0.`,
    );
  }
}

/**
 * Whether the database can only be read for now, as a standby can. Error: the user, and not the server, is set to read only,
 * which nothing but an operator ends.
 */
export async function isReadOnly(runner: QueryRunner): Promise<boolean> {
  const [{ readonly, standby, source }] = await runner.query(`
SELECT current_setting('transaction_read_only') = 'on' AS readonly, pg_is_in_recovery() AS standby,
       (SELECT source FROM pg_settings WHERE name = 'default_transaction_read_only') AS source`);
  if (readonly && !standby && ['user', 'database user', 'client'].includes(source as string)) {
    throw new Error('its user is set to read only (default_transaction_read_only). Use one that may write.');
  }
  return readonly as boolean;
}

/**
 * Error: connections lead through a pooler that gives each transaction another session. What the service sets for a
 * session, and the statements it prepares there, would be those of others.
 */
export async function requireSessions(pool: Pool): Promise<void> {
  const clients: PoolClient[] = [];
  const connect = async () => {
    const client = await pool.connect();
    clients.push(client);
    return client;
  };
  try {
    const first = await connect();
    const process = await serverProcessOf(first);
    // PostgreSQL tells each connection the process that serves it; a pooler tells something of its own.
    if (process === processIdOf(first)) return;
    // One that shares sessions and goes round them gives the connection another one at once; else it lends the one just used to
    // whoever asks next.
    if ((await serverProcessOf(first)) !== process) throw new SharedSessions();
    const other = await connect();
    await other.query('BEGIN');
    if ((await serverProcessOf(other)) === process) throw new SharedSessions();
    if ((await serverProcessOf(first)) !== process) throw new SharedSessions();
  } finally {
    for (const client of clients) client.release(true);
  }
}

class SharedSessions extends Error {
  constructor() {
    super(
      'connections lead through a pooler in transaction mode (as of PgBouncer), and a session of their own is needed. ' +
        'Connect straight to PostgreSQL, since Items pools its connections itself, or set pool_mode = session.',
    );
  }
}

async function serverProcessOf(client: PoolClient): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0]!.pid;
}
