import { Table, type MigrationInterface, type QueryRunner } from 'typeorm';

/** The outcomes of requests with an Idempotency-Key. */
export class CreateIdempotencyKeys1764000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'idempotency_keys',
        columns: [
          { name: 'caller', type: 'varchar', length: '128', isPrimary: true },
          { name: 'key', type: 'varchar', length: '255', isPrimary: true },
          { name: 'fingerprint', type: 'varchar', length: '43' },
          { name: 'status', type: 'integer' },
          { name: 'minimal', type: 'integer' },
          { name: 'item_id', type: 'varchar', length: '128' },
          { name: 'version', type: 'integer' },
          { name: 'command_id', type: 'varchar', length: '36' },
          { name: 'at', type: 'varchar', length: '24' },
        ],
        indices: [{ name: 'idempotency_keys_at', columnNames: ['at'] }],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('idempotency_keys');
  }
}
