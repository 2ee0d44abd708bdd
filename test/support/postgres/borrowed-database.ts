import pg from 'pg';
import { createDatabase, type Database } from './database.js';

/** URLs of databases that are empty again, by the server. Each process reuses its own. */
const free = new Map<string, string[]>();

// A later owner of the database must find it as a new one is, with nobody connected.
const EMPTY = `
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid();
DROP SCHEMA public CASCADE;
CREATE SCHEMA public AUTHORIZATION pg_database_owner;
GRANT USAGE ON SCHEMA public TO PUBLIC;`;

/**
 * An empty database that nobody else uses, on a server that lives as long as the tests. `drop` ends its connections and empties its
 * schema `public`, all that tests may change in it, for the next who borrows one: to drop and create a database takes seven times as
 * long. `clusterUrl` is the URL of a `Cluster`, without a database.
 */
export async function borrowDatabase(clusterUrl: string): Promise<Database> {
  const others = free.get(clusterUrl) ?? [];
  free.set(clusterUrl, others);
  const url = others.pop() ?? (await createDatabase(clusterUrl)).url;
  let isBorrowed = true;
  const drop = async () => {
    // The next who has it must not lose it to a second call.
    if (!isBorrowed) return;
    isBorrowed = false;
    await emptied(url);
    others.push(url);
  };
  return { url, drop };
}

async function emptied(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(EMPTY);
  } finally {
    await client.end();
  }
}
