import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { borrowDatabase } from './borrowed-database.js';
import { startCluster, type Cluster } from './cluster.js';
import { createDatabase } from './database.js';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(() => cluster?.remove());

async function connected(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** What a database has, and who may use its schema. */
async function contentsOf(url: string): Promise<unknown> {
  const client = await connected(url);
  const { rows } = await client.query(`
    SELECT 'relation' AS kind, relname AS name, relacl AS rights FROM pg_class WHERE oid >= 16384
    UNION ALL SELECT 'function', proname, proacl FROM pg_proc WHERE oid >= 16384
    UNION ALL SELECT 'type', typname, typacl FROM pg_type WHERE oid >= 16384
    UNION ALL SELECT 'schema', nspname || ' of ' || nspowner::regrole, nspacl FROM pg_namespace WHERE nspname NOT LIKE 'pg_%'
    ORDER BY 1, 2`);
  await client.end();
  return rows;
}

describe('a borrowed database', () => {
  it('is not that of another who has not given it back, and not given twice', async () => {
    const [one, other] = [await borrowDatabase(cluster.url), await borrowDatabase(cluster.url)];
    expect(one.url).not.toBe(other.url);
    await one.drop();
    const next = await borrowDatabase(cluster.url);
    expect(next.url).toBe(one.url);
    await one.drop();
    const third = await borrowDatabase(cluster.url);
    expect([one.url, other.url]).not.toContain(third.url);
    for (const database of [next, other, third]) await database.drop();
  });

  it('is given back as new, and without its connections', async () => {
    const created = await createDatabase(cluster.url);
    const asNew = await contentsOf(created.url);
    const borrowed = await borrowDatabase(cluster.url);
    const left = await connected(borrowed.url);
    await left.query(`
      CREATE ROLE somebody;
      CREATE TABLE a (b int PRIMARY KEY);
      CREATE TYPE mood AS ENUM ('good');
      GRANT ALL ON SCHEMA public TO somebody;
      GRANT SELECT ON a TO somebody;
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$;
      CREATE TRIGGER refuse BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION refuse();`);
    // It holds a lock.
    await left.query('BEGIN; LOCK TABLE a');
    const ended = new Promise((resolve) => void left.once('end', resolve));
    await borrowed.drop();
    await ended;
    const next = await borrowDatabase(cluster.url);
    expect(next.url).toBe(borrowed.url);
    expect(await contentsOf(next.url)).toEqual(asNew);
    await next.drop();
    await created.drop();
  });
});
