import { createRequire } from 'node:module';

/** The drivers are those of the service. */
const load = createRequire(new URL('../../package.json', import.meta.url));

/** A database that is filled directly. */
export interface Store {
  /** Adds the items from one number up to another. So many of those at the beginning are rare. */
  seed(from: number, to: number, rare: number): Promise<void>;
  /** Waits until all indexes on attributes are made, and tells the database how its items are spread. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

/** `place`: the path of an SQLite file, or the URL of a PostgreSQL database. It connects when it is used first. */
export function openStore(place: string): Store {
  return place.startsWith('postgres') ? postgresStore(place) : sqliteStore(place);
}

/** The columns of item number i, in either SQL. `isRare` says whether few items are like it. */
const ITEM = (isRare: string, random: string) => `
  'item-' || i AS id, CASE WHEN ${isRare} THEN 'rare ' ELSE 'Bolt ' END || ${random} AS name, 'zinc plated' AS description,
  CASE WHEN ${isRare} THEN '["rare","steel"]' ELSE '["steel"]' END AS tags,
  CASE WHEN ${isRare} THEN '{"thread":"rare","price":-1,"other":"rare"}'
       ELSE '{"thread":"M' || i || '","price":' || i || ',"other":"x"}' END AS attributes,
  CASE WHEN ${isRare} THEN 'scarce ' ELSE '' END || 'bolt zinc plated steel ' || CASE WHEN ${isRare} THEN '\uE000rare ' ELSE '' END
    || '\uE000steel' || CASE WHEN i % 2 = 0 THEN ' half' ELSE '' END AS terms`;

const COLUMNS = 'id, name, description, tags, attributes, version, revision, created_at, updated_at';

const VALUES = (json: string) => `
  id, name, description, tags${json}, attributes${json}, 1, '00000000', '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z'`;

const VERSIONS = 'item_versions (item_id, version, operation, request_id, command_id, at)';

const VERSION = `id, 1, 'create', 'seed', '00000000-0000-4000-8000-000000000000', '2026-01-01T00:00:00.000Z'`;

function sqliteStore(path: string): Store {
  const sqlite3 = load('sqlite3') as typeof import('sqlite3');
  let file: import('sqlite3').Database | undefined;
  const run = (sql: string): Promise<void> => {
    file ??= new sqlite3.Database(path);
    return new Promise((resolve, reject) => file?.exec(sql, (error) => (error ? reject(error) : resolve())));
  };
  return {
    seed: (from, to, rare) =>
      run(`BEGIN; CREATE TEMP TABLE new AS
        WITH RECURSIVE n (i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM n WHERE i < ${to - 1})
        SELECT ${ITEM(`i < ${rare}`, 'abs(random())')} FROM n;
        INSERT INTO items (${COLUMNS}) SELECT ${VALUES('')} FROM new;
        INSERT INTO ${VERSIONS} SELECT ${VERSION} FROM new;
        INSERT INTO item_terms (rowid, terms) SELECT v.seq, terms FROM new JOIN item_versions AS v ON v.item_id = id;
        DROP TABLE new; COMMIT;`),
    settle: () => run('PRAGMA analysis_limit = 1000; ANALYZE items; PRAGMA wal_checkpoint(TRUNCATE);'),
    close: () => new Promise((resolve) => (file ? file.close(() => resolve()) : resolve())),
  };
}

interface PostgresClient {
  connect(): Promise<void>;
  query(sql: string): Promise<{ rows: unknown[] }>;
  end(): Promise<void>;
}

function postgresStore(url: string): Store {
  const pg = load('pg') as { Client: new (settings: { connectionString: string }) => PostgresClient };
  let client: PostgresClient | undefined;
  const run = async (sql: string) => {
    if (!client) {
      client = new pg.Client({ connectionString: url });
      await client.connect();
    }
    return client.query(sql);
  };
  const missing = `SELECT 1 WHERE (SELECT count(*) FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
    WHERE starts_with(c.relname, 'items_attribute_') AND indisvalid) < 4`;
  return {
    seed: async (from, to, rare) => {
      await run(`CREATE TEMP TABLE new AS
        SELECT ${ITEM(`i < ${rare}`, '(random() * 1e9)::bigint')} FROM generate_series(${from}, ${to - 1}) AS n (i)`);
      await run(`INSERT INTO items (${COLUMNS}) SELECT ${VALUES('::json')} FROM new`);
      await run(`INSERT INTO ${VERSIONS} SELECT ${VERSION} FROM new`);
      await run(`INSERT INTO item_terms SELECT id, array_to_tsvector(string_to_array(terms, ' ')) FROM new`);
      await run('DROP TABLE new');
    },
    settle: async () => {
      while ((await run(missing)).rows.length > 0);
      await run('VACUUM ANALYZE');
    },
    close: async () => client?.end(),
  };
}
