import { Table, type MigrationInterface, type QueryRunner } from 'typeorm';

/** What records of keys had for a caller before callers had names, and the caller that they count as from here on. */
const [BEFORE, AFTER] = [`''`, `'anonymous'`];

/** The longest name of a caller, in characters: before, and from here on. */
const [SHORT, LONG] = [128, 260];

const OTHER_COLUMNS = 'key, fingerprint, status, minimal, item_id, version, command_id, at';

/**
 * The callers of versions and of Idempotency-Keys. `actor` is null in older versions, since nobody knows who made them. It is
 * added in SQL, since TypeORM would copy the whole table on SQLite. Older releases must not write from here on: they know no
 * `actor`, and give every key to the caller ''. So this migration puts nothing into `schema_compatibility`.
 */
export class NameCallers1764000000007 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE item_versions ADD COLUMN actor varchar(${LONG})`);
    if (runner.connection.options.type === 'postgres') {
      await runner.query(`ALTER TABLE idempotency_keys ALTER COLUMN caller TYPE varchar(${LONG})`);
      await runner.query(`UPDATE idempotency_keys SET caller = ${AFTER} WHERE caller = ${BEFORE}`);
    } else {
      await copyOnSqlite(runner, LONG, `CASE caller WHEN ${BEFORE} THEN ${AFTER} ELSE caller END`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE item_versions DROP COLUMN actor');
    await runner.query(`DELETE FROM idempotency_keys WHERE length(caller) > ${SHORT}`);
    if (runner.connection.options.type === 'postgres') {
      await runner.query(`UPDATE idempotency_keys SET caller = ${BEFORE} WHERE caller = ${AFTER}`);
      await runner.query(`ALTER TABLE idempotency_keys ALTER COLUMN caller TYPE varchar(${SHORT})`);
    } else {
      await copyOnSqlite(runner, SHORT, `CASE caller WHEN ${AFTER} THEN ${BEFORE} ELSE caller END`);
    }
  }
}

// SQLite can't change the type of a column, so the table is copied, which costs no more than changing all its rows. Its
// indexes and triggers, also those of an operator, are made again (lang_altertable.html, section 7). The pragma leaves the
// operator's views alone.
async function copyOnSqlite(runner: QueryRunner, length: number, caller: string): Promise<void> {
  const others: { sql: string }[] = await runner.query(
    `SELECT sql FROM sqlite_schema WHERE tbl_name = 'idempotency_keys' AND type IN ('index', 'trigger') AND sql IS NOT NULL`,
  );
  await runner.createTable(
    new Table({
      name: 'new_idempotency_keys',
      columns: [
        { name: 'caller', type: 'varchar', length: `${length}`, isPrimary: true },
        { name: 'key', type: 'varchar', length: '255', isPrimary: true },
        { name: 'fingerprint', type: 'varchar', length: '43' },
        { name: 'status', type: 'integer' },
        { name: 'minimal', type: 'integer' },
        { name: 'item_id', type: 'varchar', length: '128' },
        { name: 'version', type: 'integer' },
        { name: 'command_id', type: 'varchar', length: '36' },
        { name: 'at', type: 'varchar', length: '24' },
      ],
    }),
  );
  await runner.query(
    `INSERT INTO new_idempotency_keys (caller, ${OTHER_COLUMNS}) SELECT ${caller}, ${OTHER_COLUMNS} FROM idempotency_keys`,
  );
  await runner.query('PRAGMA legacy_alter_table = ON');
  await runner.query('DROP TABLE idempotency_keys');
  await runner.query('ALTER TABLE new_idempotency_keys RENAME TO idempotency_keys');
  await runner.query('PRAGMA legacy_alter_table = OFF');
  for (const { sql } of others) await runner.query(sql);
}
