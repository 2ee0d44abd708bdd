import { Table, type MigrationInterface, type QueryRunner } from 'typeorm';

/** Which migrations older releases may run on; see docs/decisions/0043-schemas-of-newer-releases.md. */
export class CreateSchemaCompatibility1764000000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'schema_compatibility',
        columns: [
          { name: 'migration', type: 'varchar', length: '128', isPrimary: true },
          { name: 'oldest_release', type: 'bigint' },
        ],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('schema_compatibility');
  }
}
