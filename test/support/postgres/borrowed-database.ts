import pg from 'pg';
import { DataSource } from 'typeorm';
import { readConfig } from '../../../src/config/read-config.js';
import { dataSourceOptions } from '../../../src/database/data-source-options.js';
import { createDatabase, type Database } from './database.js';
import { contentsOf, restoreContents, type Contents } from './database-contents.js';

/** Databases that nobody has now. Each process reuses its own. */
interface Free {
  /** URLs of those without tables. */
  empty: string[];
  /** Those with the tables of the service as its migrations made them. */
  migrated: { url: string; contents: Contents }[];
}

/** By the URL of the server. */
const free = new Map<string, Free>();

// A later owner of the database must find it as a new one is, with nobody connected.
const END_OTHERS = `
SELECT pg_terminate_backend(a.pid, 10000)
FROM pg_stat_get_activity(NULL) AS a JOIN pg_database AS d ON d.oid = a.datid
WHERE d.datname = current_database() AND a.pid <> pg_backend_pid()`;

const EMPTY = `
DROP SCHEMA public CASCADE;
CREATE SCHEMA public AUTHORIZATION pg_database_owner;
GRANT USAGE ON SCHEMA public TO PUBLIC;`;

/**
 * An empty database that nobody else uses, on a server that lives as long as the tests. `drop` ends its connections and empties its
 * schema `public`, all that tests may change in it, for the next who borrows one: to drop and create a database takes seven times as
 * long. `clusterUrl` is the URL of a `Cluster`, without a database.
 */
export async function borrowDatabase(clusterUrl: string): Promise<Database> {
  const url = freeAt(clusterUrl).empty.pop() ?? (await createDatabase(clusterUrl)).url;
  return lent(url, async () => {
    await withOnlyConnection(url, (client) => client.query(EMPTY));
    freeAt(clusterUrl).empty.push(url);
  });
}

/**
 * The same with the tables of the service, as its migrations make them. If they still are those when it is given back, only their rows are
 * deleted: migrations take ten times as long. If not, it becomes an empty one.
 */
export async function borrowMigratedDatabase(clusterUrl: string): Promise<Database> {
  const { url, contents } = freeAt(clusterUrl).migrated.pop() ?? (await migrate(await borrowDatabase(clusterUrl)));
  return lent(url, async () => {
    await withOnlyConnection(url, async (client) => {
      const restored = await restoreContents(client, contents);
      if (restored) freeAt(clusterUrl).migrated.push({ url, contents: restored });
      else {
        await client.query(EMPTY);
        freeAt(clusterUrl).empty.push(url);
      }
    });
  });
}

function freeAt(clusterUrl: string): Free {
  const known = free.get(clusterUrl) ?? { empty: [], migrated: [] };
  free.set(clusterUrl, known);
  return known;
}

function lent(url: string, giveBack: () => Promise<void>): Database {
  let isBorrowed = true;
  const drop = async () => {
    // The next who has it must not lose it to a second call.
    if (!isBorrowed) return;
    isBorrowed = false;
    await giveBack();
  };
  return { url, drop };
}

async function migrate({ url }: Database): Promise<Free['migrated'][number]> {
  const migrator = new DataSource(dataSourceOptions(readConfig({ DATABASE_URL: url }).database, 'migrator', []));
  await migrator.initialize();
  await migrator.runMigrations();
  await migrator.destroy();
  return withOnlyConnection(url, async (client) => ({ url, contents: await contentsOf(client) }));
}

async function withOnlyConnection<T>(connectionString: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(END_OTHERS);
    return await work(client);
  } finally {
    await client.end();
  }
}
