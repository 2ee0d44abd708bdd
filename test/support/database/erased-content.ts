import { setTimeout as delay } from 'node:timers/promises';
import type { DatabaseConfig } from '../../../src/config/config.js';
import { queryDirectly } from './direct-sql.js';

/** Waits until an SQLite file has no erased content any more. PostgreSQL gets rid of it by itself, so there is nothing to wait for. */
export async function untilErasedContentIsGone(database: DatabaseConfig): Promise<void> {
  const isPending = async () => (await queryDirectly(database, 'SELECT seq FROM erasures LIMIT 1')).length > 0;
  while (database.engine === 'sqlite' && (await isPending())) await delay(5);
}
