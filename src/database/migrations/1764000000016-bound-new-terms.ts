import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The oldest release that may run on: that of EraseVersions. */
const OLDEST_RELEASE = 1764000000011;

/**
 * Bounds the list of terms on PostgreSQL that are new and not yet in their place in the index: each search reads all of it. A
 * longer list that is there already shrinks only with the next write. An expansion (decision 89), of which older releases know nothing.
 */
export class BoundNewTerms1764000000016 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // In kB. It is 4 MB by itself.
    await setOfIndex(runner, 'SET (gin_pending_list_limit = 1024)');
    const { name } = BoundNewTerms1764000000016;
    await runner.query(
      `INSERT INTO schema_compatibility (migration, oldest_release) VALUES ('${name}', ${OLDEST_RELEASE})`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DELETE FROM schema_compatibility WHERE migration = '${BoundNewTerms1764000000016.name}'`);
    await setOfIndex(runner, 'RESET (gin_pending_list_limit)');
  }
}

async function setOfIndex(runner: QueryRunner, setting: string): Promise<void> {
  if (runner.connection.options.type === 'postgres') await runner.query(`ALTER INDEX item_terms_terms ${setting}`);
}
