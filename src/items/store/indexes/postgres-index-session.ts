import { setTimeout } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import { beginSession, poolOf, processIdOf, withClient } from '../../../database/postgres/postgres-client.js';
import { requireSessions } from '../../../database/postgres/postgres-session.js';
import { INDEX_PREFIX, kindOf, type AttributeIndex } from './attribute-index.js';
import type { FoundIndex, IndexSession } from './index-session.js';

/** PostgreSQL's advisory lock that lets one process make or drop indexes at a time. */
export const INDEX_LOCK = 4_937_003;

/** Pause between two attempts to take it. */
const LOCK_PAUSE_MS = 250;

const LIST = `
SELECT c.relname AS name, obj_description(c.oid, 'pg_class') AS attribute, i.indisvalid AS "isValid",
       pg_relation_size(c.oid)::float8 AS bytes,
       EXISTS (SELECT 1 FROM pg_stat_progress_create_index AS p WHERE p.index_relid = c.oid) AS "isBeingMade"
FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
WHERE i.indrelid = to_regclass('items') AND starts_with(c.relname, '${INDEX_PREFIX}') ORDER BY c.relname COLLATE "C"`;

/** A row of that. */
type Row = Omit<FoundIndex, 'kind' | 'state'> & { isValid: boolean; isBeingMade: boolean };

/** Indexes are made and dropped CONCURRENTLY: reads and writes go on. */
export class PostgresIndexSession implements IndexSession {
  /** `source` has connected. `stopping` ends what runs. */
  constructor(
    private readonly source: DataSource,
    private readonly stopping: AbortSignal,
  ) {}

  list(): Promise<FoundIndex[]> {
    return listOn(this.pool);
  }

  make(indexes: AttributeIndex[], told: (index: AttributeIndex, durationMs: number) => void): Promise<void> {
    return this.alone(async (client) => {
      const before = new Map((await listOn(client)).map((index) => [index.name, index]));
      let made = 0;
      for (const index of indexes) {
        const startedAt = performance.now();
        const { state, attribute } = before.get(index.name) ?? {};
        // Nobody else is making it, so it was broken off.
        if (state !== undefined && state !== 'valid') await client.query(`DROP INDEX CONCURRENTLY ${index.name}`);
        if (state !== 'valid') {
          await client.query(`CREATE INDEX CONCURRENTLY ${index.name} ON items (${index.expression})`);
        }
        if (attribute !== index.attribute || state !== 'valid') {
          await client.query(`COMMENT ON INDEX ${index.name} IS ${client.escapeLiteral(index.attribute)}`);
        }
        if (state === 'valid') continue;
        made += 1;
        told(index, Math.round(performance.now() - startedAt));
      }
      if (made > 0) await client.query('ANALYZE items');
    });
  }

  drop(name: string): Promise<boolean> {
    return this.alone(async (client) => {
      const exists = (await listOn(client)).some((index) => index.name === name);
      if (exists) await client.query(`DROP INDEX CONCURRENTLY ${name}`);
      return exists;
    });
  }

  close(): Promise<void> {
    return this.source.destroy();
  }

  private get pool(): Pool {
    return poolOf(this.source);
  }

  /** Runs work while no other process makes or drops an index. */
  private async alone<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    await requireSessions(this.pool);
    return withClient(this.pool, async (client) => {
      // A server, database or user can have limits as defaults.
      await beginSession(client, 'SET lock_timeout = 0; SET statement_timeout = 0');
      await this.takeLock(client);
      const cancelling = this.cancelOnStop(client);
      try {
        this.stopping.throwIfAborted();
        const result = await work(client);
        await client.query('SELECT pg_advisory_unlock($1)', [INDEX_LOCK]);
        return result;
      } finally {
        cancelling.abort();
      }
    });
  }

  /** Cancels what runs on a connection from the stop on, until aborted: again and again, since it may be between two statements. */
  private cancelOnStop(client: PoolClient): AbortController {
    const over = new AbortController();
    const cancel = () => {
      if (over.signal.aborted) return;
      void this.pool.query('SELECT pg_cancel_backend($1)', [processIdOf(client)]).catch(ignoreGone);
      void setTimeout(LOCK_PAUSE_MS, undefined, { signal: over.signal, ref: false }).then(cancel, ignoreGone);
    };
    this.stopping.addEventListener('abort', cancel, { signal: over.signal });
    return over;
  }

  // Not by waiting in a statement: CREATE INDEX CONCURRENTLY waits for all statements that began before, so the process that has the
  // lock and the one that waits for it would wait for each other.
  private async takeLock(client: PoolClient): Promise<void> {
    for (;;) {
      const { rows } = await client.query<{ isOurs: boolean }>('SELECT pg_try_advisory_lock($1) AS "isOurs"', [
        INDEX_LOCK,
      ]);
      if (rows[0]?.isOurs) return;
      await setTimeout(LOCK_PAUSE_MS, undefined, { signal: this.stopping });
    }
  }
}

async function listOn(client: Pool | PoolClient): Promise<FoundIndex[]> {
  const { rows } = await client.query<Row>(LIST);
  return rows.map(found);
}

function found({ isValid, isBeingMade, ...row }: Row): FoundIndex {
  const broken = isBeingMade ? 'being made' : 'invalid';
  return { ...row, kind: kindOf(row.name), state: isValid ? 'valid' : broken };
}

function ignoreGone(): void {}
