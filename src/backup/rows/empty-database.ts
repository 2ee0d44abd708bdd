import type { ClientBase } from 'pg';
import { DataSource, type QueryRunner } from 'typeorm';
import { Refused } from '../../command-line/run-command.js';
import type { DatabaseConfig } from '../../config/config.js';
import { dataSourceOptions, type Entities } from '../../database/data-source-options.js';
import { planOf } from '../../database/migrate.js';
import { SCHEMA_NUMBER } from '../../database/migrations/schema.js';
import { MIGRATION_LOCK } from '../../database/open-database.js';
import { poolOf } from '../../database/postgres/postgres-client.js';
import { isReadOnly, requireSessions, requireUtf8Database } from '../../database/postgres/postgres-session.js';
import { fillNext } from '../../items/store/search-step.js';
import { POSTGRES_TAKE_TURN } from '../../items/store/items.statements.js';
import { POSTGRES_FILLING } from '../../items/search/search.statements.js';
import { carriedTables } from './carried-tables.js';
import { BEGIN_FILLING, FILLED_AT_ONCE } from './fill-search.js';
import { limitOf, PATIENCE, waitingFor, type Patience } from './patience.js';
import type { Place } from './place.js';
import { PostgresRows } from './postgres-rows.js';
import { WITHOUT_LIMITS } from './snapshot.js';

/** The next change gets the number behind the last one. Part of the transaction, unlike setval(). */
const RESTART = (sequence: string, next: number) => `ALTER SEQUENCE ${sequence} RESTART WITH ${next}`;

/** So that the planner knows the new rows before autovacuum has seen them. */
const ANALYZE = 'ANALYZE items, item_versions, item_terms, idempotency_keys';

const SEQUENCE = `
SELECT pg_get_serial_sequence('item_versions', 'seq') AS name, (SELECT max(seq) FROM item_versions)::float8 AS last`;

/** What else is done in the transaction, and how long it waits for others. */
export interface Steps {
  /** When nobody else fills or migrates the database, before it is looked at. */
  whenAlone?: (client: ClientBase) => Promise<void>;
  /** When all is there. It may still stop it. */
  beforeCommit?: (client: ClientBase) => Promise<void>;
  patience?: Patience;
}

/** The database holds something. */
export class NotEmpty extends Refused {
  constructor(readonly reason: string) {
    super(`${reason} Use a new one.`);
  }
}

/**
 * Lets `work` put rows into a PostgreSQL database that has none, with the tables of a schema, and brings it to the schema of this release. All
 * of it is one transaction. Throws Refused if the database holds anything, or others keep it waiting for too long.
 */
export async function withEmptyDatabase<T>(
  config: DatabaseConfig & { engine: 'postgres' },
  entities: Entities,
  schema: number,
  work: (place: Place) => Promise<T>,
  { whenAlone, beforeCommit, patience = PATIENCE }: Steps = {},
): Promise<T> {
  const source = await new DataSource(dataSourceOptions(config, 'backup', entities)).initialize();
  const runner = source.createQueryRunner();
  try {
    await requireSessions(poolOf(source));
    await requireUtf8Database(runner);
    if (await isReadOnly(runner)) throw new Refused('The database is read-only now.');
    await runner.query(WITHOUT_LIMITS);
    await runner.query(limitOf(patience));
    await runner.startTransaction();
    const client = (await runner.connect()) as ClientBase;
    await waitingFor('another process that fills or migrates the database', patience, () =>
      client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]),
    );
    await whenAlone?.(client);
    await prepare(source, runner, schema, patience);
    const result = await work(placeOn(client));
    await (await planOf(source, runner)).carryOut();
    await fillSearch(client);
    await continueNumbers(client);
    await client.query(ANALYZE);
    await beforeCommit?.(client);
    await runner.commitTransaction();
    return result;
  } catch (error) {
    if (runner.isTransactionActive) await runner.rollbackTransaction().catch(alreadyLost);
    throw error;
  } finally {
    await runner.release();
    await source.destroy();
  }
}

/** Throws Refused if the database holds anything. */
export async function requireEmptyDatabase(
  config: DatabaseConfig & { engine: 'postgres' },
  entities: Entities,
  steps: Steps,
): Promise<void> {
  await withEmptyDatabase(config, entities, SCHEMA_NUMBER, takeBack, steps).catch((error: unknown) => {
    if (!(error instanceof TakenBack)) throw error;
  });
}

/** Thrown to roll back what was prepared. */
class TakenBack extends Error {}

function takeBack(): Promise<never> {
  return Promise.reject(new TakenBack());
}

async function prepare(source: DataSource, runner: QueryRunner, schema: number, patience: Patience): Promise<void> {
  const plan = await planOf(source, runner);
  if (plan.isNew) return void (await plan.carryOut(schema));
  const tables = carriedTables(source).filter(({ name }) => name !== 'history_trimming');
  // Services may have the database open: whatever they would write waits until this has ended.
  await waitingFor('a change of a service on the database', patience, () => runner.query(POSTGRES_TAKE_TURN));
  for (const { name } of tables) {
    if (!(await runner.hasTable(name))) continue;
    await waitingFor(`whoever has the table ${name} of the database locked`, patience, () =>
      runner.query(`LOCK TABLE "${name}" IN EXCLUSIVE MODE`),
    );
    const found = (await runner.query(`SELECT 1 FROM "${name}" LIMIT 1`)) as unknown[];
    if (found.length > 0) throw new NotEmpty(`The database is not empty: its table ${name} has rows.`);
  }
  if (plan.isUpToDate && schema === SCHEMA_NUMBER) return;
  throw new NotEmpty('The database has tables of another release of Items.');
}

async function fillSearch(client: ClientBase): Promise<void> {
  await client.query(BEGIN_FILLING);
  const run = async <Row>(statement: string, values: unknown[]) =>
    (await client.query(statement, values)).rows as Row[];
  while (await fillNext(run, POSTGRES_FILLING, FILLED_AT_ONCE));
}

async function continueNumbers(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ name: string; last: number | null }>(SEQUENCE);
  const [sequence] = rows;
  if (sequence?.last) await client.query(RESTART(sequence.name, sequence.last + 1));
}

function placeOn(client: ClientBase): Place {
  const rows = new PostgresRows(client);
  return {
    empty: async ({ name }) => void (await client.query(`DELETE FROM "${name}"`)),
    add: (page) => rows.add(page),
    pages: (table) => rows.pages(table),
  };
}

// What went wrong first is what counts.
function alreadyLost(): void {}
