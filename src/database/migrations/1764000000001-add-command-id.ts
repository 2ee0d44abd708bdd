import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which command made a version. In SQL, since TypeORM would copy the whole table on SQLite. */
export class AddCommandId1764000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE item_versions ADD COLUMN command_id varchar(36)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE item_versions DROP COLUMN command_id');
  }
}
