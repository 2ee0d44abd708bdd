import { Table, type MigrationInterface, type QueryRunner } from 'typeorm';

const COLUMNS = 'id, name, description, attributes, version, created_at, updated_at, deleted_at';

/**
 * `revision` is unique to the write that made the state of an item. It has no default, so a program that does not know it
 * can't write items without one. Existing rows get it from the command id of their version, which is made up if none was
 * kept.
 */
export class AddRevision1764000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const isPostgres = runner.connection.options.type === 'postgres';
    const random = isPostgres ? 'CAST(gen_random_uuid() AS varchar)' : 'lower(hex(randomblob(16)))';
    await runner.query(`UPDATE item_versions SET command_id = ${random} WHERE command_id IS NULL`);
    const revision = `
      substr(COALESCE((SELECT v.command_id FROM item_versions AS v
                       WHERE v.item_id = items.id AND v.version = items.version), ${random}), 1, 8)`;
    if (isPostgres) {
      await runner.query('ALTER TABLE items ADD COLUMN revision varchar(8)');
      await runner.query(`UPDATE items SET revision = ${revision}`);
      await runner.query('ALTER TABLE items ALTER COLUMN revision SET NOT NULL');
    } else {
      await copyOnSqlite(runner, revision);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE items DROP COLUMN revision');
  }
}

// SQLite can't add a NOT NULL column without a default, so the table is copied, with the indexes and triggers that an
// operator may have added (lang_altertable.html, section 7). The pragma leaves the operator's views alone.
async function copyOnSqlite(runner: QueryRunner, revision: string): Promise<void> {
  const others: { sql: string }[] = await runner.query(
    `SELECT sql FROM sqlite_schema WHERE tbl_name = 'items' AND type IN ('index', 'trigger') AND sql IS NOT NULL`,
  );
  await runner.createTable(
    new Table({
      name: 'new_items',
      columns: [
        { name: 'id', type: 'varchar', length: '128', isPrimary: true },
        { name: 'name', type: 'varchar', length: '200' },
        { name: 'description', type: 'varchar', length: '2000', isNullable: true },
        { name: 'attributes', type: 'json' },
        { name: 'version', type: 'integer' },
        { name: 'created_at', type: 'varchar', length: '24' },
        { name: 'updated_at', type: 'varchar', length: '24' },
        { name: 'deleted_at', type: 'varchar', length: '24', isNullable: true },
        { name: 'revision', type: 'varchar', length: '8' },
      ],
    }),
  );
  await runner.query(`INSERT INTO new_items (${COLUMNS}, revision) SELECT ${COLUMNS}, ${revision} FROM items`);
  await runner.query('PRAGMA legacy_alter_table = ON');
  await runner.query('DROP TABLE items');
  await runner.query('ALTER TABLE new_items RENAME TO items');
  await runner.query('PRAGMA legacy_alter_table = OFF');
  for (const { sql } of others) await runner.query(sql);
}
