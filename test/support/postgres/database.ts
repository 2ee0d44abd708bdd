import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** An empty database that nobody else uses. */
export interface Database {
  /** With the name of the database: for an application to connect. */
  readonly url: string;
  /** Deletes the database, and ends its connections. */
  drop(): Promise<void>;
}

/** Name of the connections of those who lend databases. They may be ended. */
export const IDLE = 'lends this database';

/** Makes a database with a new name on a cluster. `clusterUrl` is the URL of a `Cluster`, without a database. */
export async function createDatabase(clusterUrl: string): Promise<Database> {
  const name = `items_${randomBytes(8).toString('hex')}`;
  // CREATE DATABASE fails while somebody is connected to its template. Nobody can connect to template0. Copying files takes a third of
  // the time of the default, which writes each page to the log.
  await execute(clusterUrl, `CREATE DATABASE ${name} TEMPLATE template0 STRATEGY file_copy`);
  return {
    url: `${clusterUrl}/${name}`,
    drop: () => execute(clusterUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

/** Replaces a database by a copy of another. Nobody else may be connected to either. */
export async function copyDatabase(fromUrl: string, toUrl: string): Promise<Database> {
  const [clusterUrl, from, to] = [toUrl.slice(0, toUrl.lastIndexOf('/')), nameIn(fromUrl), nameIn(toUrl)];
  const drop = () => execute(clusterUrl, `DROP DATABASE IF EXISTS ${to} WITH (FORCE)`);
  await drop();
  const idle = `datname = '${from}' AND application_name = '${IDLE}'`;
  await execute(clusterUrl, `SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE ${idle}`);
  await execute(clusterUrl, `CREATE DATABASE ${to} TEMPLATE ${from} STRATEGY file_copy`);
  return { url: toUrl, drop };
}

function nameIn(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}

async function execute(clusterUrl: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: `${clusterUrl}/postgres` });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
