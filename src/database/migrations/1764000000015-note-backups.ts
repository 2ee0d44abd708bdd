import { Table, type MigrationInterface, type QueryRunner } from 'typeorm';

/** The oldest release that may run on: that of EraseVersions. */
const OLDEST_RELEASE = 1764000000011;

/** When the last backup was made, and its size: one row, or none. An expansion (decision 89), of which older releases know nothing. */
export class NoteBackups1764000000015 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'last_backup',
        columns: [
          { name: 'made_at', type: 'varchar', length: '24' },
          { name: 'bytes', type: 'bigint' },
        ],
      }),
    );
    const { name } = NoteBackups1764000000015;
    await runner.query(
      `INSERT INTO schema_compatibility (migration, oldest_release) VALUES ('${name}', ${OLDEST_RELEASE})`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DELETE FROM schema_compatibility WHERE migration = '${NoteBackups1764000000015.name}'`);
    await runner.dropTable('last_backup');
  }
}
