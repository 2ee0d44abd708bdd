import { Table, type MigrationInterface, type QueryRunner, type TableColumnOptions } from 'typeorm';

/** The items and the history of their versions. */
export class CreateItems1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const isPostgres = runner.connection.options.type === 'postgres';
    // Ids and names sort by code point on both engines; SQLite's own collation does so already.
    const byCodePoint: Partial<TableColumnOptions> = isPostgres ? { collation: 'C' } : {};
    await runner.createTable(
      new Table({
        name: 'items',
        columns: [
          { name: 'id', type: 'varchar', length: '128', isPrimary: true, ...byCodePoint },
          { name: 'name', type: 'varchar', length: '200', ...byCodePoint },
          { name: 'description', type: 'varchar', length: '2000', isNullable: true },
          { name: 'attributes', type: 'json' },
          { name: 'version', type: 'integer' },
          { name: 'created_at', type: 'varchar', length: '24' },
          { name: 'updated_at', type: 'varchar', length: '24' },
          { name: 'deleted_at', type: 'varchar', length: '24', isNullable: true },
        ],
      }),
    );
    await runner.createTable(
      new Table({
        name: 'item_versions',
        columns: [
          {
            name: 'seq',
            type: isPostgres ? 'bigint' : 'integer',
            isPrimary: true,
            isGenerated: true,
            generationStrategy: 'increment',
          },
          { name: 'item_id', type: 'varchar', length: '128', ...byCodePoint },
          { name: 'version', type: 'integer' },
          { name: 'operation', type: 'varchar', length: '16' },
          { name: 'snapshot', type: 'json', isNullable: true },
          { name: 'request_id', type: 'varchar', length: '128' },
          { name: 'at', type: 'varchar', length: '24' },
        ],
        uniques: [{ name: 'item_versions_item_id_version', columnNames: ['item_id', 'version'] }],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('item_versions');
    await runner.dropTable('items');
  }
}
