import type { ClientBase, Pool, PoolClient, QueryResult } from 'pg';
import type { DataSource } from 'typeorm';
import { namingFaults } from '../faults/database-fault.js';

/** The pool of a DataSource on PostgreSQL: to prepare statements once, and to know which connection sent what. */
export function poolOf({ driver }: DataSource): Pool {
  return (driver as unknown as { master: Pool }).master;
}

/**
 * Lends a connection to `work`. If `work` fails, the connection is closed: the pool can't tell what still runs on it, and an
 * open transaction ends with it. Throws DatabaseFault.
 */
export async function withClient<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  return namingFaults(async () => {
    const client = await pool.connect();
    // The pool listens to idle connections only, and an error without a listener would end the process.
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

/**
 * Closes connections of a DataSource that come back before the server has answered, as TypeORM gives them back after a timeout. If
 * the network has lost them, no query on them would ever get an answer. `withClient` closes its own.
 */
export function closeUnanswered(source: DataSource): void {
  poolOf(source).on('release', (_error, client) => {
    // Not in the types of pg: whether the last query is over (ReadyForQuery of the protocol).
    if (!(client as PoolClient & { readyForQuery: boolean }).readyForQuery) void client.end().catch(ignoreError);
  });
}

// Queries that wait on the connection get the error too.
function ignoreError(): void {}

/** The server's process of each connection, as the server reports it. Behind a pooler the connection was told another one. */
const processIds = new WeakMap<ClientBase, number>();

/** Prepares a connection before it is lent for the first time. `settings` are statements. */
export async function beginSession(client: ClientBase, settings: string): Promise<void> {
  const results = (await client.query(`${settings}; SELECT pg_backend_pid() AS pid`)) as unknown as QueryResult[];
  processIds.set(client, (results.at(-1)!.rows[0] as { pid: number }).pid);
}

/** The server's process for a connection: its pid in pg_stat_activity. */
export function processIdOf(client: PoolClient): number {
  return processIds.get(client) ?? (client as PoolClient & { processID: number }).processID;
}

/** Whether the server follows another one. Once it does not, it never will again. */
export async function isStandby(client: PoolClient): Promise<boolean> {
  const { rows } = await client.query<{ standby: boolean }>('SELECT pg_is_in_recovery() AS standby');
  return rows[0]!.standby;
}

const END_PROCESS = `
SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity WHERE pid = $1 AND datname = current_database()`;

/**
 * Ends the server's process of a lost connection. True: it is gone, perhaps by itself, and commits nothing more.
 */
export async function endProcess(client: PoolClient, processId: number): Promise<boolean> {
  await client.query(END_PROCESS, [processId]);
  const { rows } = await client.query('SELECT 1 FROM pg_stat_activity WHERE pid = $1', [processId]);
  return rows.length === 0;
}
