import type { DatabaseConfig } from '../../../src/config/config.js';
import { configOf, engine, impatientConfigOf, newDatabase, withPassword } from './engine.js';
import { holdWriteLock, type Mend } from './faults.js';
import { startCluster } from '../postgres/cluster.js';

/** A database that a test can take away from a running service. */
export interface Outage {
  database: DatabaseConfig;
  /** Takes it away until mended. */
  begin(this: void): Promise<Mend>;
  /** The paths that can still be read. */
  readable: string[];
  /** The paths that can't. */
  unreadable: string[];
  /** Removes the database. */
  remove(this: void): Promise<void>;
}

/** Reads of the service that need its database. */
const READS = ['/items', '/items/kept', '/health/ready'];

/**
 * The worst that can happen to a database without losing it. PostgreSQL: its server is stopped. SQLite: another process
 * holds the write lock of the file for longer than the service waits, and reads still work.
 */
export async function prepareOutage(): Promise<Outage> {
  if (engine === 'sqlite') {
    const { url, drop } = await newDatabase();
    const config = impatientConfigOf(url);
    return { database: config, begin: () => holdWriteLock(config), readable: READS, unreadable: [], remove: drop };
  }
  const cluster = await startCluster();
  const begin = async () => {
    await cluster.stop();
    return () => cluster.start();
  };
  return {
    database: configOf(withPassword(cluster.databaseUrl)),
    begin,
    readable: [],
    unreadable: READS,
    remove: () => cluster.remove(),
  };
}
