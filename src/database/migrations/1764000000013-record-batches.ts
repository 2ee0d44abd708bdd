import { Table, type MigrationInterface, type QueryRunner } from 'typeorm';

const PRIMARY_KEY = { before: 'caller, key', after: 'caller, key, position' };

const OTHER_COLUMNS = 'fingerprint, status, minimal, item_id, version, command_id, at';

/** The oldest release that may run on: that of EraseVersions. */
const OLDEST_RELEASE = 1764000000011;

/**
 * Requests that make several changes under one key: a record for each, numbered from 0. An expansion (decision 89). Older releases write
 * records without a number, which get 0, as all of theirs do from here on, and never repeat a request that made several changes. What
 * they erase of one they would leave in the digests of its other records: a trigger takes it out of them.
 */
export class RecordBatches1764000000013 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    if (isPostgres(runner)) {
      await runner.query('ALTER TABLE idempotency_keys ADD COLUMN position integer NOT NULL DEFAULT 0');
      await changePrimaryKey(runner, PRIMARY_KEY.after);
    } else {
      await copyOnSqlite(runner, PRIMARY_KEY.after, `caller, key, 0, ${OTHER_COLUMNS}`);
    }
    for (const statement of isPostgres(runner) ? POSTGRES_TRIGGER : SQLITE_TRIGGER) await runner.query(statement);
    const { name } = RecordBatches1764000000013;
    await runner.query(
      `INSERT INTO schema_compatibility (migration, oldest_release) VALUES ('${name}', ${OLDEST_RELEASE})`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DELETE FROM schema_compatibility WHERE migration = '${RecordBatches1764000000013.name}'`);
    await runner.query(`DROP TRIGGER ${TRIGGER}${isPostgres(runner) ? ' ON idempotency_keys' : ''}`);
    if (isPostgres(runner)) await runner.query(`DROP FUNCTION ${TRIGGER}`);
    // A part of several changes would be no answer to their request.
    await runner.query(
      `DELETE FROM idempotency_keys WHERE (caller, key) IN (SELECT caller, key FROM idempotency_keys WHERE position > 0)`,
    );
    if (isPostgres(runner)) {
      await changePrimaryKey(runner, PRIMARY_KEY.before);
      await runner.query('ALTER TABLE idempotency_keys DROP COLUMN position');
    } else {
      await copyOnSqlite(runner, PRIMARY_KEY.before, `caller, key, ${OTHER_COLUMNS}`);
    }
  }
}

function isPostgres(runner: QueryRunner): boolean {
  return runner.connection.options.type === 'postgres';
}

const TRIGGER = 'idempotency_keys_erase_others';

const ERASE_OTHERS = `
  UPDATE idempotency_keys SET fingerprint = '' WHERE caller = NEW.caller AND key = NEW.key AND fingerprint <> '';`;

const WHEN = `WHEN (NEW.fingerprint = '' AND OLD.fingerprint <> '')`;

const SQLITE_TRIGGER = [
  `CREATE TRIGGER ${TRIGGER} AFTER UPDATE OF fingerprint ON idempotency_keys ${WHEN} BEGIN ${ERASE_OTHERS} END`,
];

const POSTGRES_TRIGGER = [
  `CREATE FUNCTION ${TRIGGER}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${ERASE_OTHERS} RETURN NULL; END $$`,
  `CREATE TRIGGER ${TRIGGER} AFTER UPDATE OF fingerprint ON idempotency_keys FOR EACH ROW ${WHEN} EXECUTE FUNCTION ${TRIGGER}()`,
];

async function changePrimaryKey(runner: QueryRunner, columns: string): Promise<void> {
  const [constraint]: { conname: string }[] = await runner.query(
    `SELECT conname FROM pg_constraint WHERE conrelid = 'idempotency_keys'::regclass AND contype = 'p'`,
  );
  await runner.query(`ALTER TABLE idempotency_keys DROP CONSTRAINT "${constraint?.conname}"`);
  await runner.query(`ALTER TABLE idempotency_keys ADD CONSTRAINT "${constraint?.conname}" PRIMARY KEY (${columns})`);
}

// SQLite can't change a primary key, so the table is copied. Its indexes and triggers, also those of an operator, are made again
// (lang_altertable.html, section 7). The pragma leaves the operator's views alone.
async function copyOnSqlite(runner: QueryRunner, primaryKey: string, values: string): Promise<void> {
  const others: { sql: string }[] = await runner.query(
    `SELECT sql FROM sqlite_schema WHERE tbl_name = 'idempotency_keys' AND type IN ('index', 'trigger') AND sql IS NOT NULL`,
  );
  const keys = primaryKey.split(', ');
  const column = (name: string, type: string, length?: string, value?: string) => ({
    name,
    type,
    length,
    default: value,
    isPrimary: keys.includes(name),
  });
  const columns = [
    column('caller', 'varchar', '260'),
    column('key', 'varchar', '255'),
    ...(keys.includes('position') ? [column('position', 'integer', undefined, '0')] : []),
    column('fingerprint', 'varchar', '43'),
    column('status', 'integer'),
    column('minimal', 'integer'),
    column('item_id', 'varchar', '128'),
    column('version', 'integer'),
    column('command_id', 'varchar', '36'),
    column('at', 'varchar', '24'),
  ];
  await runner.createTable(new Table({ name: 'new_idempotency_keys', columns }));
  await runner.query(
    `INSERT INTO new_idempotency_keys (${primaryKey}, ${OTHER_COLUMNS}) SELECT ${values} FROM idempotency_keys`,
  );
  await runner.query('PRAGMA legacy_alter_table = ON');
  await runner.query('DROP TABLE idempotency_keys');
  await runner.query('ALTER TABLE new_idempotency_keys RENAME TO idempotency_keys');
  await runner.query('PRAGMA legacy_alter_table = OFF');
  for (const { sql } of others) await runner.query(sql);
}
