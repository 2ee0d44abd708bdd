import { Table, type MigrationInterface, type QueryRunner } from 'typeorm';

/** The API keys. Of their secrets it has only digests. */
export class CreateApiKeys1764000000006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const time = { type: 'varchar', length: '24' };
    await runner.createTable(
      new Table({
        name: 'api_keys',
        columns: [
          { name: 'id', type: 'varchar', length: '10', isPrimary: true },
          { name: 'name', type: 'varchar', length: '100' },
          { name: 'scopes', type: 'varchar', length: '255' },
          { name: 'digest', type: 'varchar', length: '43' },
          { name: 'previous_digest', type: 'varchar', length: '43', isNullable: true },
          { name: 'previous_until', ...time, isNullable: true },
          { name: 'created_at', ...time },
          { name: 'expires_at', ...time, isNullable: true },
          { name: 'rotated_at', ...time, isNullable: true },
          { name: 'revoked_at', ...time, isNullable: true },
          { name: 'last_used_at', ...time, isNullable: true },
        ],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('api_keys');
  }
}
