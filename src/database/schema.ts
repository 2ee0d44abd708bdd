import { MIGRATIONS } from './migrations/index.js';

const NAMES = MIGRATIONS.map(({ name }) => name);

/** The number of this release's schema: that of its newest migration. */
export const SCHEMA_NUMBER = Math.max(...NAMES.map((name) => Number(name.slice(-13))));

/**
 * The migrations of the database that this release can't run on: it does not know them, and they don't say that they are
 * compatible with it. Every write looks at them, so that a process that still runs when a newer release migrates writes
 * nothing more.
 */
export const FOREIGN_MIGRATIONS = `
SELECT m.name FROM migrations AS m
WHERE m.name NOT IN (${NAMES.map((name) => `'${name}'`).join(', ')})
  AND NOT EXISTS (SELECT 1 FROM schema_compatibility AS c WHERE c.migration = m.name AND c.oldest_release <= ${SCHEMA_NUMBER})`;

/** What the log says where there are some. */
export const FOREIGN_SCHEMA = 'the schema is that of a newer release of Items';
