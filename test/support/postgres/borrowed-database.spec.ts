import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { borrowDatabase, borrowMigratedDatabase, queryByLender } from './borrowed-database.js';
import { startCluster, type Cluster } from './cluster.js';
import { createDatabase, type Database } from './database.js';
import { contentsOf, restoreContents } from './database-contents.js';

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
async function definitionsOf(url: string): Promise<unknown> {
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
    const asNew = await definitionsOf(created.url);
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
    expect(await definitionsOf(next.url)).toEqual(asNew);
    await next.drop();
    await created.drop();
  });
});

describe('a statement by the lender', () => {
  const INSERT = `INSERT INTO migrations (timestamp, name) VALUES (1, 'one')`;

  it('fires triggers, also in a database that was given back before', async () => {
    const first = await borrowMigratedDatabase(cluster.url);
    await queryByLender(first.url, INSERT);
    await first.drop();
    const next = await borrowMigratedDatabase(cluster.url);
    expect(next.url).toBe(first.url);
    await queryByLender(
      next.url,
      `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$;
       CREATE TRIGGER refuse BEFORE INSERT ON migrations FOR EACH ROW EXECUTE FUNCTION refuse()`,
    );
    await expect(queryByLender(next.url, INSERT)).rejects.toThrow('refused');
    await next.drop();
  });

  it('sets nothing for the next who has the database', async () => {
    const first = await borrowMigratedDatabase(cluster.url);
    await queryByLender(first.url, "SET application_name = 'another'; CREATE TEMPORARY TABLE left_over (a int)");
    await first.drop();
    const next = await borrowMigratedDatabase(cluster.url);
    const state = `SELECT current_setting('application_name') <> 'another' AND to_regclass('left_over') IS NULL AS "isAsNew"`;
    expect((await queryByLender(next.url, state))?.rows).toEqual([{ isAsNew: true }]);
    expect(next.url).toBe(first.url);
    await next.drop();
  });

  it('is not carried out while another one waits, nor once the database was given back, which ends one that waits', async () => {
    const borrowed = await borrowMigratedDatabase(cluster.url);
    const client = await connected(borrowed.url);
    await client.query('BEGIN; LOCK TABLE migrations');
    const waiting = queryByLender(borrowed.url, INSERT).catch(() => undefined);
    expect(await queryByLender(borrowed.url, 'SELECT 1')).toBeUndefined();
    await borrowed.drop();
    await waiting;
    expect(await queryByLender(borrowed.url, 'SELECT 1')).toBeUndefined();
  });
});

/** All that a database with the tables of the service has: definitions, rows, sequences, sizes and statistics. */
async function stateOf(url: string): Promise<unknown> {
  const client = await connected(url);
  const state: Record<string, unknown> = { contents: await definitionsOf(url) };
  const { rows } = await client.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relkind IN ('r', 'S') AND relnamespace = 'public'::regnamespace ORDER BY 1`,
  );
  for (const { name } of rows) state[name] = (await client.query(`SELECT * FROM "${name}" ORDER BY 1`)).rows;
  state.pages = (
    await client.query(
      `SELECT relname, relpages, reltuples FROM pg_class WHERE oid >= 16384 AND relkind = 'r' ORDER BY 1`,
    )
  ).rows;
  state.statistics = (await client.query('SELECT starelid FROM pg_statistic WHERE starelid >= 16384')).rows;
  await client.end();
  return withoutCounters(state);
}

// How far ahead a sequence has written its log is no state of its own. The names of TOAST tables have numbers.
function withoutCounters(state: unknown): unknown {
  return JSON.parse(
    JSON.stringify(state, (name, value: unknown) =>
      name === 'log_cnt' ? 0 : typeof value === 'string' ? value.replace(/^pg_toast_\d+/, 'pg_toast') : value,
    ),
  );
}

const NOTICING = `
CREATE FUNCTION notice() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$;
CREATE EVENT TRIGGER noticing ON ddl_command_end EXECUTE FUNCTION notice()`;

describe('a borrowed database with tables', () => {
  const INSERT_VERSIONS = `
INSERT INTO item_versions (item_id, version, operation, snapshot, request_id, at, command_id)
SELECT n::text, 1, 'create', '{}', repeat('x', 100), '2026', '1' FROM generate_series(1, $1::integer) n`;

  async function givenBack(borrowed: Database, change: (client: pg.Client) => Promise<unknown>) {
    const client = await connected(borrowed.url);
    await change(client);
    const ended = new Promise((resolve) => void client.once('end', resolve));
    await borrowed.drop();
    await ended;
    return borrowMigratedDatabase(cluster.url);
  }

  it.each([
    ['a few rows', (client: pg.Client) => client.query(INSERT_VERSIONS, [10])],
    ['many rows', (client: pg.Client) => client.query(INSERT_VERSIONS, [10_000])],
    [
      'rows that are gone',
      (client: pg.Client) => client.query('DELETE FROM migrations; DELETE FROM schema_compatibility'),
    ],
    [
      'another row',
      (client: pg.Client) => client.query(`UPDATE migrations SET name = 'other'; SELECT nextval('migrations_id_seq')`),
    ],
    [
      'an end of all connections',
      (client: pg.Client) =>
        client.query(
          'SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
        ),
    ],
    ['an open transaction', (client: pg.Client) => client.query('BEGIN; LOCK TABLE items; DROP TABLE item_terms')],
  ])('is the same again after %s', async (_, change) => {
    const borrowed = await borrowMigratedDatabase(cluster.url);
    const before = await stateOf(borrowed.url);
    const next = await givenBack(borrowed, change);
    expect(next.url).toBe(borrowed.url);
    expect(await stateOf(next.url)).toEqual(before);
    await next.drop();
  });

  it('is made anew after its tables have changed', async () => {
    const borrowed = await borrowMigratedDatabase(cluster.url);
    const before = await stateOf(borrowed.url);
    const next = await givenBack(borrowed, (client) => client.query('CREATE TABLE more (a int)'));
    expect(next.url).toBe(borrowed.url);
    expect(await stateOf(next.url)).toEqual(before);
    await next.drop();
  });

  it.each([
    ['a table more', 'CREATE TABLE more (a int)'],
    ['a table less', 'DROP TABLE last_backup'],
    ['an index less', 'DROP INDEX idempotency_keys_at'],
    ['another column', 'ALTER TABLE items ALTER description TYPE text'],
    ['a constraint', 'ALTER TABLE items ADD CONSTRAINT no CHECK (version < 3)'],
    ['a right', 'GRANT SELECT ON items TO PUBLIC'],
    ['a right on the schema', 'GRANT CREATE ON SCHEMA public TO PUBLIC'],
    ['a function', 'CREATE FUNCTION a() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$'],
    ['a trigger that is off', 'ALTER TABLE idempotency_keys DISABLE TRIGGER ALL'],
    ['a setting of a table', 'ALTER TABLE items SET (autovacuum_enabled = off)'],
    ['a setting of a sequence', 'ALTER SEQUENCE item_versions_seq_seq START 5'],
    ['a comment', `COMMENT ON COLUMN items.name IS 'What it is called'`],
    ['an event trigger that is off', 'ALTER EVENT TRIGGER noticing DISABLE', NOTICING],
  ])('is not taken for the same with %s', async (_, change, before = '') => {
    const borrowed = await borrowMigratedDatabase(cluster.url);
    const client = await connected(borrowed.url);
    await client.query(before);
    const contents = await contentsOf(client);
    await client.query(`BEGIN; ${change}`);
    expect(await restoreContents(client, contents)).toBeUndefined();
    await client.query('ROLLBACK');
    expect(await restoreContents(client, contents)).toEqual(contents);
    await client.end();
    await borrowed.drop();
  });

  it('is not taken for the same if one table has become as large as another was', async () => {
    const borrowed = await borrowMigratedDatabase(cluster.url);
    const client = await connected(borrowed.url);
    await client.query('CREATE TABLE one (a int); CREATE TABLE other (a int); INSERT INTO one VALUES (1)');
    const vacuum = async () => {
      for (const name of ['one', 'other']) await client.query(`VACUUM ${name}`);
    };
    await vacuum();
    const contents = await contentsOf(client);
    await client.query('DELETE FROM one; INSERT INTO other VALUES (1)');
    await vacuum();
    expect(await restoreContents(client, contents)).toBeUndefined();
    await client.end();
    await borrowed.drop();
  });

  it('is not taken for the same with statistics, even of rows that are gone', async () => {
    const borrowed = await borrowMigratedDatabase(cluster.url);
    const client = await connected(borrowed.url);
    const contents = await contentsOf(client);
    await client.query('BEGIN; ANALYZE migrations');
    await client.query('ROLLBACK');
    expect(await restoreContents(client, contents)).toBeUndefined();
    await client.end();
    await borrowed.drop();
  });
});
