import { setTimeout as delay } from 'node:timers/promises';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { DatabaseConfig } from '../../../src/config/config.js';
import { WRITER } from '../../../src/database/database.module.js';
import { MIGRATION_LOCK } from '../../../src/database/open-database.js';
import { WRITE_LOCK } from '../../../src/items/store/items.statements.js';
import { connectDirectly, queryDirectly } from './direct-sql.js';
import { engine } from './engine.js';
import type { TestApp } from '../test-app.js';

/** Ends a fault. */
export type Mend = () => Promise<void>;

/** Renames the tables of items, so that every statement about items fails for an unforeseen reason. */
export async function hideItems({ config: { database } }: TestApp): Promise<Mend> {
  const tables = ['items', 'item_versions'];
  for (const table of tables) await queryDirectly(database, `ALTER TABLE ${table} RENAME TO ${table}_hidden`);
  return async () => {
    for (const table of tables) await queryDirectly(database, `ALTER TABLE ${table}_hidden RENAME TO ${table}`);
  };
}

/** Leaves no room for changes: SQLite may not grow its file, PostgreSQL reports disk_full. */
export async function fillStorage({ app, config: { database } }: TestApp): Promise<Mend> {
  if (engine === 'sqlite') {
    // The limit belongs to the connection, so it must be the service's own.
    const writer = app.get<DataSource>(getDataSourceToken(WRITER));
    await writer.query('PRAGMA max_page_count = 1');
    await fillPages(writer);
    return async () => void (await writer.query('PRAGMA max_page_count = 1073741823'));
  }
  await queryDirectly(
    database,
    `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;
     CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON items FOR EACH ROW EXECUTE FUNCTION refuse()`,
  );
  return async () => void (await queryDirectly(database, 'DROP FUNCTION refuse CASCADE'));
}

/** Makes an SQLite file read-only for the connection that writes. */
export async function refuseChanges({ app }: TestApp): Promise<Mend> {
  const writer = app.get<DataSource>(getDataSourceToken(WRITER));
  await writer.query('PRAGMA query_only = ON');
  return async () => void (await writer.query('PRAGMA query_only = OFF'));
}

// The last pages still have room, and even a delete needs some for its version. So fills them until the smallest row does
// not fit. If only the index is full, another id may still fit into it, so fills the last page of the rows too.
async function fillPages(writer: DataSource): Promise<void> {
  const insert = `INSERT INTO item_versions (item_id, version, operation, request_id, at)
    SELECT 'filler', coalesce(max(version), 0) + 1, '', '', '' FROM item_versions WHERE item_id = 'filler'`;
  while (await fits(writer.query(insert)));
  const grow = `UPDATE item_versions SET at = at || ? WHERE seq = (SELECT max(seq) FROM item_versions)`;
  for (const bytes of [256, 16, 1]) while (await fits(writer.query(grow, ['x'.repeat(bytes)])));
}

async function fits(change: Promise<unknown>): Promise<boolean> {
  const error = await change.catch((reason: Error) => reason);
  if (!(error instanceof Error)) return true;
  if (!error.message.includes('SQLITE_FULL')) throw error;
  return false;
}

/** Makes the database refuse items of this name, for an unforeseen reason. */
export async function refuseName({ config: { database } }: TestApp, name: string): Promise<Mend> {
  if (engine === 'sqlite') {
    await queryDirectly(
      database,
      `CREATE TRIGGER refuse_name BEFORE INSERT ON items WHEN NEW.name = '${name}' BEGIN SELECT RAISE(ABORT, 'refused'); END`,
    );
    return async () => void (await queryDirectly(database, 'DROP TRIGGER refuse_name'));
  }
  await queryDirectly(
    database,
    `CREATE FUNCTION refuse_name() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$;
     CREATE TRIGGER refuse_name BEFORE INSERT ON items FOR EACH ROW WHEN (NEW.name = '${name}') EXECUTE FUNCTION refuse_name()`,
  );
  return async () => void (await queryDirectly(database, 'DROP FUNCTION refuse_name CASCADE'));
}

/** Makes the database refuse that search data is filled in beyond this id. */
export async function refuseFilling(database: DatabaseConfig, id: string): Promise<Mend> {
  if (engine === 'sqlite') {
    await queryDirectly(
      database,
      `CREATE TRIGGER refuse_filling BEFORE UPDATE ON search_filling WHEN NEW.filled_to > '${id}' BEGIN SELECT RAISE(ABORT, 'refused'); END`,
    );
    return async () => void (await queryDirectly(database, 'DROP TRIGGER refuse_filling'));
  }
  await queryDirectly(
    database,
    `CREATE FUNCTION refuse_filling() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$;
     CREATE TRIGGER refuse_filling BEFORE UPDATE ON search_filling FOR EACH ROW WHEN (NEW.filled_to > '${id}') EXECUTE FUNCTION refuse_filling()`,
  );
  return async () => void (await queryDirectly(database, 'DROP FUNCTION refuse_filling CASCADE'));
}

/** Makes the database refuse to note how far old versions were trimmed. */
export async function refuseTrimming(database: DatabaseConfig): Promise<Mend> {
  if (engine === 'sqlite') {
    await queryDirectly(
      database,
      `CREATE TRIGGER refuse_trimming BEFORE UPDATE ON history_trimming BEGIN SELECT RAISE(ABORT, 'refused'); END`,
    );
    return async () => void (await queryDirectly(database, 'DROP TRIGGER refuse_trimming'));
  }
  await queryDirectly(
    database,
    `CREATE FUNCTION refuse_trimming() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$;
     CREATE TRIGGER refuse_trimming BEFORE UPDATE ON history_trimming FOR EACH ROW EXECUTE FUNCTION refuse_trimming()`,
  );
  return async () => void (await queryDirectly(database, 'DROP FUNCTION refuse_trimming CASCADE'));
}

/** Keeps everybody else from writing items, until mended. Reads still work. */
export async function holdWriteLock(database: DatabaseConfig): Promise<Mend> {
  const other = await connectDirectly(database);
  await other.query(engine === 'sqlite' ? 'BEGIN IMMEDIATE' : 'BEGIN');
  if (engine === 'postgres') await other.query('LOCK TABLE items, item_versions IN EXCLUSIVE MODE');
  return async () => {
    await other.query('ROLLBACK');
    await other.close();
  };
}

/** Keeps everybody else from changing API keys, until mended. Reads still work. */
export async function holdKeys(database: DatabaseConfig): Promise<Mend> {
  const other = await connectDirectly(database);
  await other.query(engine === 'sqlite' ? 'BEGIN IMMEDIATE' : 'BEGIN');
  if (engine === 'postgres') await other.query('SELECT 1 FROM api_keys FOR UPDATE');
  return async () => {
    await other.query('ROLLBACK');
    await other.close();
  };
}

/** The turn of another process to write, which every service waits for. */
export interface HeldTurn {
  /** Waits until a service waits. Nothing shows who waits for an SQLite file, so there it returns at once. */
  waitForService(this: void): Promise<void>;
  /** Waits until the service waits again, on another connection. */
  waitForRetry(this: void): Promise<void>;
  /** Freezes the server's process for the waiting service, so that nothing ends it. An SQLite file has none. */
  freeze(this: void): void;
  thaw(this: void): void;
  /** Waits until that process has ended. */
  waitForItsEnd(this: void): Promise<void>;
  /** Writes a version of an item within the turn. */
  writeVersion(this: void, id: string): Promise<void>;
  /** Commits what was written. */
  release: Mend;
}

export async function holdTurn(database: DatabaseConfig): Promise<HeldTurn> {
  const other = await connectDirectly(database);
  const watcher = await connectDirectly(database);
  await other.query(engine === 'sqlite' ? 'BEGIN IMMEDIATE' : 'BEGIN');
  if (engine === 'postgres') await other.query(`SELECT pg_advisory_xact_lock(${WRITE_LOCK})`);
  const at = '2026-01-02T03:04:05.678Z';
  let processId: unknown;
  const signal = (name: NodeJS.Signals) => {
    if (processId !== undefined) process.kill(Number(processId), name);
  };
  return {
    waitForService: async () => {
      if (engine === 'postgres') {
        while ((processId = (await watcher.query(WAITING))[0]?.pid) === undefined) await delay(5);
      }
    },
    waitForRetry: async () => {
      if (engine === 'postgres')
        while (!(await watcher.query(WAITING)).some(({ pid }) => pid !== processId)) await delay(5);
    },
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    waitForItsEnd: async () => {
      const running = `SELECT 1 FROM pg_stat_activity WHERE pid = ${Number(processId)}`;
      if (processId !== undefined) while ((await watcher.query(running)).length > 0) await delay(5);
    },
    writeVersion: async (id) => {
      await other.query(`INSERT INTO item_versions (item_id, version, operation, request_id, at)
                         VALUES ('${id}', 1, 'create', 'r', '${at}')`);
      await other.query(`INSERT INTO items (id, name, attributes, version, revision, created_at, updated_at)
                         VALUES ('${id}', 'other', '{}', 1, '00000000', '${at}', '${at}')`);
    },
    release: async () => {
      await other.query('COMMIT');
      await Promise.all([other.close(), watcher.close()]);
    },
  };
}

const WAITING = `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;

/** Waits until a write waits for a lock, then ends all connections of the service. An SQLite file has none. */
export async function cutConnections({ config: { database } }: TestApp): Promise<void> {
  if (engine === 'sqlite') return;
  const other = await connectDirectly(database);
  while ((await other.query(WAITING)).length === 0) await delay(5);
  await other.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND application_name LIKE 'items %'`,
  );
  await other.close();
}

/** Keeps every service from migrating the database, until released. */
interface HeldMigrations {
  /** Waits until this many services wait. Nothing shows who waits for an SQLite file, so there it returns at once. */
  waitFor(this: void, services: number): Promise<void>;
  release: Mend;
}

export async function holdMigrations(database: DatabaseConfig): Promise<HeldMigrations> {
  const other = await connectDirectly(database);
  const waiting = `SELECT 1 FROM pg_stat_activity
                   WHERE datname = current_database() AND wait_event_type = 'Lock' AND application_name = 'items migrator'`;
  await other.query(engine === 'sqlite' ? 'BEGIN IMMEDIATE' : `SELECT pg_advisory_lock(${MIGRATION_LOCK})`);
  return {
    waitFor: async (services) => {
      if (engine === 'postgres') while ((await other.query(waiting)).length < services) await delay(5);
    },
    release: async () => {
      if (engine === 'sqlite') await other.query('ROLLBACK');
      await other.close();
    },
  };
}

/** A running migration of another release. */
interface Migration {
  query(this: void, statement: string): Promise<unknown>;
  /** Waits until a service waits. Nothing shows who waits for an SQLite file, so there it returns at once. */
  waitForService(this: void): Promise<void>;
  commit: Mend;
}

export async function beginMigration(database: DatabaseConfig): Promise<Migration> {
  const other = await connectDirectly(database);
  const watcher = await connectDirectly(database);
  await other.query(engine === 'sqlite' ? 'BEGIN IMMEDIATE' : 'BEGIN');
  if (engine === 'postgres') await other.query('LOCK TABLE migrations IN ACCESS EXCLUSIVE MODE');
  return {
    query: other.query,
    waitForService: async () => {
      if (engine === 'postgres') while ((await watcher.query(WAITING)).length === 0) await delay(5);
    },
    commit: async () => {
      await other.query('COMMIT');
      await Promise.all([other.close(), watcher.close()]);
    },
  };
}
