import { MIGRATIONS } from './index.js';

const NAMES = MIGRATIONS.map(({ name }) => name);

/** The number of this release's schema: that of its newest migration. */
export const SCHEMA_NUMBER = Math.max(...NAMES.map((name) => Number(name.slice(-13))));

/** Selects the migrations that this release does not know. */
export const NEWER_MIGRATIONS = `
SELECT m.name FROM migrations AS m
WHERE m.name NOT IN (${NAMES.map((name) => `'${name}'`).join(', ')})`;

/**
 * Selects those that this release can't run on: they don't say that they are compatible with it. Every write checks this, so that
 * an old process that still runs after a migration writes nothing more.
 */
export const FOREIGN_MIGRATIONS = `${NEWER_MIGRATIONS}
  AND NOT EXISTS (SELECT 1 FROM schema_compatibility AS c WHERE c.migration = m.name AND c.oldest_release <= ${SCHEMA_NUMBER})`;

/** What the log says if there are any. */
export const FOREIGN_SCHEMA = 'the schema is from a newer release of Items';

/** Stands in the list of migrations of an SQLite file that was moved to PostgreSQL: no release knows it, so nothing is written there any more. */
export const MOVED = 'MovedToPostgres9999999999999';
