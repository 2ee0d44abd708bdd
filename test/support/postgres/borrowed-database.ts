import pg from 'pg';
import { DataSource } from 'typeorm';
import { readConfig } from '../../../src/config/read-config.js';
import { dataSourceOptions } from '../../../src/database/data-source-options.js';
import { createDatabase, IDLE, type Database } from './database.js';
import { contentsOf, restoreContents, type Contents } from './database-contents.js';

/** Databases that nobody has now. Each process reuses its own. */
interface Free {
  /** URLs of those without tables. */
  empty: string[];
  /** Those with the tables of the service as its migrations made them. */
  migrated: Migrated[];
}

/** Not in the types of pg: whether the connection keeps the process alive. */
type Client = pg.Client & Record<'ref' | 'unref', () => void>;

interface Migrated {
  url: string;
  contents: Contents;
  /** Stays connected, idle: what a new connection has to learn about the catalogs takes longer than its work. */
  client: Client;
}

/** By the URL of the server. */
const free = new Map<string, Free>();

// A later owner of the database must find it as a new one is, with nobody connected but its lender.
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
  const migrated = freeAt(clusterUrl).migrated.pop() ?? (await migrate(await borrowDatabase(clusterUrl)));
  const { url, contents } = migrated;
  return lent(url, async () => {
    const client = await useAgain(migrated);
    await client.query(END_OTHERS);
    const restored = await restoreContents(client, contents);
    if (restored) {
      client.unref();
      freeAt(clusterUrl).migrated.push({ url, contents: restored, client });
    } else {
      await client.query(EMPTY);
      await client.end();
      freeAt(clusterUrl).empty.push(url);
    }
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

async function migrate({ url }: Database): Promise<Migrated> {
  const migrator = new DataSource(dataSourceOptions(readConfig({ DATABASE_URL: url }).database, 'migrator', []));
  await migrator.initialize();
  await migrator.runMigrations();
  await migrator.destroy();
  const client = await connectTo(url);
  const contents = await contentsOf(client);
  // It must not keep the process alive.
  client.unref();
  return { url, contents, client };
}

/** The idle connection, or another one if a test has ended it. */
async function useAgain({ url, client }: Migrated): Promise<Client> {
  client.ref();
  try {
    await client.query('SELECT 1');
    return client;
  } catch {
    return connectTo(url);
  }
}

async function connectTo(connectionString: string): Promise<Client> {
  const client = new pg.Client({ connectionString, application_name: IDLE }) as Client;
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function withOnlyConnection<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connectTo(url);
  try {
    await client.query(END_OTHERS);
    return await work(client);
  } finally {
    await client.end();
  }
}
