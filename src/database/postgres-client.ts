import type { ClientBase, Pool, PoolClient, QueryResult } from 'pg';
import type { DataSource } from 'typeorm';
import { namingFaults } from './database-fault.js';

/** The pool below a DataSource on PostgreSQL: for statements that are prepared once, and to know what was sent where. */
export function poolOf({ driver }: DataSource): Pool {
  return (driver as unknown as { master: Pool }).master;
}

/**
 * Lends a connection to `work`. One on which work failed is closed, since the pool can't tell what still runs on it, and
 * an open transaction ends with it. Throws DatabaseFault.
 */
export async function withClient<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  return namingFaults(async () => {
    const client = await pool.connect();
    // The pool listens to idle connections only, and an unheard error would end the process.
    client.on('error', ignoreError);
    try {
      const result = await work(client);
      client.release();
      return result;
    } catch (error) {
      client.release(true);
      throw error;
    } finally {
      client.off('error', ignoreError);
    }
  });
}

// Whatever waits on the connection is told as well.
function ignoreError(): void {}

/** By connection, where it was asked: behind a pooler the server's process is not the one that the connection was told. */
const processIds = new WeakMap<ClientBase, number>();

/** Makes a connection ready before it is lent for the first time. `settings` are statements. */
export async function beginSession(client: ClientBase, settings: string): Promise<void> {
  const results = (await client.query(`${settings}; SELECT pg_backend_pid() AS pid`)) as unknown as QueryResult[];
  processIds.set(client, (results.at(-1)!.rows[0] as { pid: number }).pid);
}

/** The process that serves a connection on the server, as pg_stat_activity names it. */
export function processIdOf(client: PoolClient): number {
  return processIds.get(client) ?? (client as PoolClient & { processID: number }).processID;
}

const END_PROCESS = `
SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity WHERE pid = $1 AND datname = current_database()`;

/**
 * Ends the process that served a lost connection. True: it is gone, and whatever it had not committed by now never will
 * be. It may have gone by itself.
 */
export async function endProcess(client: PoolClient, processId: number): Promise<boolean> {
  await client.query(END_PROCESS, [processId]);
  const { rows } = await client.query('SELECT 1 FROM pg_stat_activity WHERE pid = $1', [processId]);
  return rows.length === 0;
}
