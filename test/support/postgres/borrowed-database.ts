import pg from 'pg';
import { DataSource } from 'typeorm';
import { readConfig } from '../../../src/config/read-config.js';
import { dataSourceOptions } from '../../../src/database/data-source-options.js';
import { createDatabase, IDLE, type Database } from './database.js';
import { contentsOf, restoreContents, type Contents } from './database-contents.js';

/** Databases that nobody has now. Each process reuses its own. */
interface Free {
  /** Those without tables. */
  empty: Lender[];
  /** Those with the tables of the service as its migrations made them. */
  migrated: Migrated[];
}

/** Not in the types of pg: whether the connection keeps the process alive. */
type Client = pg.Client & Record<'ref' | 'unref', () => void>;

interface Lender {
  url: string;
  /** Stays connected, idle: what a new connection has to learn about the catalogs takes longer than its work. */
  client: Client;
  isBusy: boolean;
}

interface Migrated extends Lender {
  contents: Contents;
}

/** By the URL of the server. */
const free = new Map<string, Free>();

/** Those whose databases are lent now, by their URLs. */
const lenders = new Map<string, Lender>();

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
  const { empty } = freeAt(clusterUrl);
  const lender = empty.pop() ?? (await create(clusterUrl));
  return lent(lender, async () => {
    await lender.client.query(EMPTY);
    empty.push(lender);
  });
}

/**
 * The same with the tables of the service, as its migrations make them. If they still are those when it is given back, only their rows are
 * deleted: migrations take ten times as long. If not, it becomes an empty one.
 */
export async function borrowMigratedDatabase(clusterUrl: string): Promise<Database> {
  const { empty, migrated } = freeAt(clusterUrl);
  const lender = migrated.pop() ?? (await migrate(empty.pop() ?? (await create(clusterUrl))));
  return lent(lender, async () => {
    const restored = await restoreContents(lender.client, lender.contents);
    if (restored) {
      lender.contents = restored;
      migrated.push(lender);
    } else {
      await lender.client.query(EMPTY);
      empty.push(lender);
    }
  });
}

/**
 * The result of one statement in a borrowed database, on the connection of its lender: to make another one takes longer than most
 * statements. Undefined, and nothing was done: the connection is in use, or no borrowed database has this URL.
 */
export async function queryByLender<T extends pg.QueryResultRow>(
  url: string,
  statement: string,
): Promise<pg.QueryResult<T> | undefined> {
  const lender = lenders.get(Object.assign(new URL(url), { password: '' }).href);
  if (!lender || lender.isBusy) return undefined;
  lender.isBusy = true;
  let client: Client | undefined;
  try {
    client = await useAgain(lender);
    // It may have been given back meanwhile.
    return lenders.has(lender.url) ? await client.query<T>(statement) : undefined;
  } finally {
    lender.isBusy = false;
    client?.unref();
  }
}

function freeAt(clusterUrl: string): Free {
  const known = free.get(clusterUrl) ?? { empty: [], migrated: [] };
  free.set(clusterUrl, known);
  return known;
}

/** `giveBack` is called once all others are disconnected. */
function lent(lender: Lender, giveBack: () => Promise<void>): Database {
  const { url } = lender;
  lenders.set(url, lender);
  let isBorrowed = true;
  const drop = async () => {
    // The next who has it must not lose it to a second call.
    if (!isBorrowed) return;
    isBorrowed = false;
    lenders.delete(url);
    // Ends a statement that still waits there, too.
    if (lender.isBusy) lender.client = await connectTo(url);
    else await useAgain(lender);
    await lender.client.query(END_OTHERS);
    await lender.client.query('DISCARD ALL');
    await giveBack();
    lender.client.unref();
  };
  return { url, drop };
}

async function create(clusterUrl: string): Promise<Lender> {
  const { url } = await createDatabase(clusterUrl);
  const client = await connectTo(url);
  // It must not keep the process alive.
  client.unref();
  return { url, client, isBusy: false };
}

async function migrate(lender: Lender): Promise<Migrated> {
  const { url } = lender;
  const migrator = new DataSource(dataSourceOptions(readConfig({ DATABASE_URL: url }).database, 'migrator', []));
  await migrator.initialize();
  await migrator.runMigrations();
  await migrator.destroy();
  await useAgain(lender);
  const contents = await contentsOf(lender.client);
  lender.client.unref();
  return { ...lender, contents };
}

/** Sees that the idle connection is there, or makes another one if a test has ended it. */
async function useAgain(lender: Lender): Promise<Client> {
  const { client } = lender;
  client.ref();
  try {
    await client.query('SELECT 1');
    return client;
  } catch {
    const another = await connectTo(lender.url);
    // Who took it back meanwhile has made one of his own.
    if (lender.client === client) lender.client = another;
    return another;
  }
}

async function connectTo(connectionString: string): Promise<Client> {
  const client = new pg.Client({ connectionString, application_name: IDLE }) as Client;
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
