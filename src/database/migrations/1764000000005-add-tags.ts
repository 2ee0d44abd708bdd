import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The tags of an item. Older releases must not write from here on: their PUT would leave the tags of the item before. So
 * this migration puts nothing into `schema_compatibility`. The default gives existing items none, and neither engine has to
 * write the table again for it.
 */
export class AddTags1764000000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE items ADD COLUMN tags json NOT NULL DEFAULT '[]'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE items DROP COLUMN tags');
  }
}
