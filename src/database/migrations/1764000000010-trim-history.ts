import { Table, TableIndex, type MigrationInterface, type QueryRunner } from 'typeorm';

/**
 * How far old versions were trimmed, in its one row: `walked_to` is the sequence number up to which versions were looked at,
 * `trimmed_to` the highest one that was deleted. The index finds the records of keys that point at a version. Older releases would
 * say of a trimmed version that it never was, so this migration puts nothing into `schema_compatibility`.
 */
export class TrimHistory1764000000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'history_trimming',
        columns: [
          { name: 'walked_to', type: 'bigint' },
          { name: 'trimmed_to', type: 'bigint' },
        ],
      }),
    );
    await runner.query('INSERT INTO history_trimming (walked_to, trimmed_to) VALUES (0, 0)');
    await runner.createIndex('idempotency_keys', new TableIndex({ name: INDEX, columnNames: ['item_id', 'version'] }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropIndex('idempotency_keys', INDEX);
    await runner.dropTable('history_trimming');
  }
}

const INDEX = 'idempotency_keys_item_id_version';
