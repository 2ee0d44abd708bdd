import { TableIndex, type MigrationInterface, type QueryRunner } from 'typeorm';

const COLUMNS = ['name', 'created_at', 'updated_at'];

const TIMES = ['created_at', 'updated_at'];

/**
 * An index for each order of a list but that of the ids, which the primary key serves. On PostgreSQL times are compared by code
 * point, too, as on SQLite.
 */
export class IndexSorts1764000000008 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await setCollation(runner, 'C');
    for (const column of COLUMNS) {
      await runner.createIndex('items', new TableIndex({ name: nameOf(column), columnNames: [column, 'id'] }));
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const column of COLUMNS) await runner.dropIndex('items', nameOf(column));
    await setCollation(runner, 'default');
  }
}

function nameOf(column: string): string {
  return `items_${column}_id`;
}

async function setCollation(runner: QueryRunner, collation: string): Promise<void> {
  if (runner.connection.options.type !== 'postgres') return;
  const changes = TIMES.map((column) => `ALTER COLUMN ${column} TYPE varchar(24) COLLATE "${collation}"`);
  await runner.query(`ALTER TABLE items ${changes.join(', ')}`);
}
