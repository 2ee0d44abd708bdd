import type { Client } from 'pg';

/** What is in the schema `public` of a database. */
export interface Contents {
  /** Differs after any change of what tables, indexes, functions and the like there are, and of statistics about them. */
  readonly catalog: string;
  readonly tables: readonly string[];
  /** Statements that put the rows back into emptied tables, and set their sequences. */
  readonly fill: string;
}

// The system catalogs keep each change of a definition as a new row of a later transaction (xmin), and lose the row of what is dropped.
const BY_OID =
  'pg_class pg_constraint pg_trigger pg_proc pg_type pg_attrdef pg_statistic_ext pg_policy pg_rewrite pg_extension pg_default_acl';
const CATALOGS = [
  ...BY_OID.split(' ').map((name) => `${name} WHERE oid >= 16384`),
  'pg_event_trigger WHERE oid >= 16384',
  'pg_attribute WHERE attrelid >= 16384',
  'pg_index WHERE indexrelid >= 16384',
  'pg_sequence WHERE seqrelid >= 16384',
  'pg_statistic WHERE starelid >= 16384',
  'pg_description WHERE objoid >= 16384',
  'pg_namespace',
];

// VACUUM and ANALYZE write the numbers of pages and rows into the rows that are there.
const CATALOG = `
SELECT (SELECT count(*) || ' ' || max(xmin::text::bigint)
        FROM (${CATALOGS.map((catalog) => `SELECT xmin FROM ${catalog}`).join(' UNION ALL ')}))
       || (SELECT string_agg(' ' || relpages || ' ' || reltuples, '' ORDER BY oid) FROM pg_class WHERE oid >= 16384) AS catalog`;

// Emptied by DELETE, larger ones would cost the next owner time for rows that are dead.
const LARGE_BYTES = 262_144;

const TABLES = `
SELECT relname AS name, pg_table_size(oid) AS bytes FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname`;

/** What is in the schema now, for {@link restoreContents}. */
export async function contentsOf(client: Client): Promise<Contents> {
  const { rows } = await client.query<{ name: string }>(TABLES);
  const tables = rows.map(({ name }) => name);
  let fill = '';
  for (const name of tables) fill += await insertionOf(client, name);
  const sequences = await client.query<{ statement: string }>(`
SELECT format('SELECT setval(%L, %s, %L);', quote_ident(sequencename), coalesce(last_value, start_value), last_value IS NOT NULL)
       AS statement
FROM pg_sequences WHERE schemaname = 'public'`);
  fill += sequences.rows.map(({ statement }) => statement).join('');
  return { catalog: await catalogOf(client), tables, fill };
}

/** Restores rows and sequences. Undefined, and nothing was done: more has changed than they. Nobody else may be connected. */
export async function restoreContents(client: Client, contents: Contents): Promise<Contents | undefined> {
  if ((await catalogOf(client)) !== contents.catalog) return undefined;
  const { rows } = await client.query<{ name: string; bytes: string }>(TABLES);
  const large = rows.filter(({ bytes }) => Number(bytes) > LARGE_BYTES).map(({ name }) => `"${name}"`);
  const small = rows.filter(({ bytes, name }) => Number(bytes) > 0 && !large.includes(`"${name}"`));
  // No trigger takes part.
  const statements = [
    'SET LOCAL session_replication_role = replica',
    ...(large.length > 0 ? [`TRUNCATE ${large.join()}`] : []),
    ...small.map(({ name }) => `DELETE FROM "${name}"`),
    contents.fill,
  ];
  await client.query(`BEGIN; ${statements.join('; ')} COMMIT`);
  // To truncate a table gives it another file, which the catalog says.
  return large.length > 0 ? { ...contents, catalog: await catalogOf(client) } : contents;
}

async function insertionOf(client: Client, table: string): Promise<string> {
  const { rows } = await client.query<{ rows: string | null; quoted: string }>(
    `SELECT quote_literal(jsonb_agg(t)::text) AS rows FROM "${table}" t`,
  );
  const literal = rows[0]?.rows ?? undefined;
  if (literal === undefined) return '';
  return `INSERT INTO "${table}" OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_recordset(NULL::"${table}", ${literal});`;
}

async function catalogOf(client: Client): Promise<string> {
  const { rows } = await client.query<{ catalog: string }>(CATALOG);
  return rows[0]!.catalog;
}
