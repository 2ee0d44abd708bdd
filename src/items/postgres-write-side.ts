import type { Pool, PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import { DatabaseFault } from '../database/database-fault.js';
import { endProcess, poolOf, processIdOf, withClient } from '../database/postgres-client.js';
import type { Item } from './item.entity.js';
import { itemRows, rowsById, versionRows, type ItemRow } from './items.rows.js';
import type { Change } from './items.rules.js';
import { POSTGRES_COMMAND_OF, POSTGRES_FIND_ITEMS, POSTGRES_PUT, POSTGRES_TAKE_TURN } from './items.statements.js';
import type { WriteSession, WriteSide } from './write-side.js';

/** PostgreSQL over the network: a write whose answer is lost is looked up before anything is said of it. */
export class PostgresWriteSide implements WriteSide {
  readonly maxGroupsInFlight = 2;
  private readonly pool: Pool;

  constructor(writer: DataSource) {
    this.pool = poolOf(writer);
  }

  findMany(ids: string[]): Promise<Map<string, Item>> {
    return withClient(this.pool, (client) => find(client, ids));
  }

  saveMany(changes: Change[]): Promise<void> {
    return this.settled((session) => session.saveMany(changes));
  }

  underLock<T>(work: (session: WriteSession) => Promise<T>): Promise<T> {
    return this.settled(async (session, client, done) => {
      await client.query('BEGIN');
      // In a statement of its own: one that also read would read from before the wait.
      await client.query(POSTGRES_TAKE_TURN);
      const result = await work(session);
      done(result);
      await client.query('COMMIT');
      return result;
    });
  }

  /**
   * Runs `work` on one connection. If that is lost after a write was sent on it, the write is looked up: it was committed,
   * and then the result stands that `done` was told; or it never will be, fault `disconnected`; or fault `outcome-unknown`.
   */
  private async settled<T>(
    work: (session: WriteSession, client: PoolClient, done: (result: T) => void) => Promise<T>,
  ): Promise<T> {
    let sent: { change: Change; processId: number } | undefined;
    let result: T | undefined;
    const run = (client: PoolClient) => {
      const session: WriteSession = {
        findMany: (ids) => find(client, ids),
        saveMany: (changes) => {
          sent = { change: changes[0] as Change, processId: processIdOf(client) };
          return put(client, changes);
        },
      };
      return work(session, client, (value) => (result = value));
    };
    try {
      return await withClient(this.pool, run);
    } catch (error) {
      if (!sent || !leavesItsOutcomeOpen(error)) throw error;
      const outcome = await this.lookUp(sent.change, sent.processId);
      if (outcome !== 'committed') throw new DatabaseFault(outcome, error);
      return result as T;
    }
  }

  private async lookUp(
    { version }: Change,
    processId: number,
  ): Promise<'committed' | 'disconnected' | 'outcome-unknown'> {
    try {
      return await withClient(this.pool, async (client) => {
        const isOver = await endProcess(client, processId);
        const { rows } = await client.query<{ command_id: string | null }>(POSTGRES_COMMAND_OF, [
          version.itemId,
          version.version,
        ]);
        if (rows[0]) return rows[0].command_id === version.commandId ? 'committed' : 'disconnected';
        return isOver ? 'disconnected' : 'outcome-unknown';
      });
    } catch (error) {
      if (error instanceof DatabaseFault) return 'outcome-unknown';
      throw error;
    }
  }
}

function leavesItsOutcomeOpen(error: unknown): boolean {
  return error instanceof DatabaseFault && (error.kind === 'disconnected' || error.kind === 'unanswered');
}

// The statements are named, so that the server prepares them once for each connection.
async function find(client: PoolClient, ids: string[]): Promise<Map<string, Item>> {
  const { rows } = await client.query<ItemRow>({ name: 'find-items', text: POSTGRES_FIND_ITEMS, values: [ids] });
  return rowsById(rows);
}

async function put(client: PoolClient, changes: Change[]): Promise<void> {
  await client.query({ name: 'put-items', text: POSTGRES_PUT, values: [itemRows(changes), versionRows(changes)] });
}
