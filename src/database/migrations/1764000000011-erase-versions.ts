import { Table, type MigrationInterface, type QueryRunner } from 'typeorm';

/**
 * On SQLite `erasures` has the sequence numbers of versions that erased content which may still be in the file. Older releases would
 * answer with what is left of it, so this migration puts nothing into `schema_compatibility`.
 */
export class EraseVersions1764000000011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    if (runner.connection.options.type === 'postgres') return;
    const columns = [{ name: 'seq', type: 'integer', isPrimary: true }];
    await runner.createTable(new Table({ name: 'erasures', columns }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('erasures', true);
  }
}
