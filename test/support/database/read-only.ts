import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseConfig } from '../../../src/config/config.js';
import { queryDirectly } from './direct-sql.js';
import { configOf, withPassword } from './engine.js';
import type { Mend } from './faults.js';
import { startCluster } from '../postgres/cluster.js';
import { createDatabase } from '../postgres/database.js';

/** A database that a test can make read-only. */
export interface ReadOnlyDatabase {
  database: DatabaseConfig;
  /** A database of the same server that has no table. */
  empty: DatabaseConfig;
  /** The ways to make it read-only, each until mended. Nobody may be connected when one begins. */
  ways: { name: string; begin(this: void): Promise<Mend> }[];
  remove(this: void): Promise<void>;
}

const SETTING = 'SET default_transaction_read_only';

/** Only on PostgreSQL: it becomes a standby and is promoted, or is set to read only. An SQLite file has no such state. */
export async function prepareReadOnly(): Promise<ReadOnlyDatabase> {
  const cluster = await startCluster();
  const [database, empty] = [await createDatabase(cluster.url), await createDatabase(cluster.url)];
  const config = configOf(withPassword(database.url));
  const admin = configOf(withPassword(cluster.databaseUrl));
  const names = [database, empty].map(({ url }) => new URL(url).pathname.slice(1));
  return {
    database: config,
    empty: configOf(withPassword(empty.url)),
    ways: [
      {
        name: 'set to read only',
        begin: async () => {
          for (const name of names) await queryDirectly(admin, `ALTER DATABASE ${name} ${SETTING} = on`);
          return async () => {
            for (const name of names) await queryDirectly(admin, `ALTER DATABASE ${name} RE${SETTING}`);
          };
        },
      },
      {
        name: 'a standby',
        begin: async () => {
          await cluster.stop();
          await writeFile(join(cluster.dataFolder, 'standby.signal'), '', { mode: 0o644 });
          await cluster.start();
          return async () => void (await queryDirectly(config, 'SELECT pg_promote(true, 60)'));
        },
      },
    ],
    remove: () => cluster.remove(),
  };
}
