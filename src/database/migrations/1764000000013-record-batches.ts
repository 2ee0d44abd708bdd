import { Table, type MigrationInterface, type QueryRunner } from 'typeorm';

const PRIMARY_KEY = { before: 'caller, key', after: 'caller, key, position' };

const OTHER_COLUMNS = 'fingerprint, status, minimal, item_id, version, command_id, at';

/**
 * Requests that make several changes under one key: a record for each, numbered from 0. Older releases would write records without
 * a number, and take the first of several for the whole answer. So this migration puts nothing into `schema_compatibility`.
 */
export class RecordBatches1764000000013 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    if (runner.connection.options.type === 'postgres') {
      await runner.query('ALTER TABLE idempotency_keys ADD COLUMN position integer NOT NULL DEFAULT 0');
      await runner.query('ALTER TABLE idempotency_keys ALTER COLUMN position DROP DEFAULT');
      await changePrimaryKey(runner, PRIMARY_KEY.after);
    } else {
      await copyOnSqlite(runner, PRIMARY_KEY.after, `caller, key, 0, ${OTHER_COLUMNS}`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    // A part of several changes would be no answer to their request.
    await runner.query(
      `DELETE FROM idempotency_keys WHERE (caller, key) IN (SELECT caller, key FROM idempotency_keys WHERE position > 0)`,
    );
    if (runner.connection.options.type === 'postgres') {
      await changePrimaryKey(runner, PRIMARY_KEY.before);
      await runner.query('ALTER TABLE idempotency_keys DROP COLUMN position');
    } else {
      await copyOnSqlite(runner, PRIMARY_KEY.before, `caller, key, ${OTHER_COLUMNS}`);
    }
  }
}

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
  const column = (name: string, type: string, length?: string) => ({
    name,
    type,
    length,
    isPrimary: keys.includes(name),
  });
  const columns = [
    column('caller', 'varchar', '260'),
    column('key', 'varchar', '255'),
    ...(keys.includes('position') ? [column('position', 'integer')] : []),
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
