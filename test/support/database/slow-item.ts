import type { DatabaseConfig } from '../../../src/config/config.js';
import { queryDirectly } from './direct-sql.js';
import { engine } from './engine.js';
import type { Mend } from './faults.js';

/** SQL of a number that takes hours, and only when it is needed. It can be stopped meanwhile. PostgreSQL sleeps, SQLite must count. */
export const AFTER_HOURS =
  engine === 'sqlite'
    ? '(WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000000) SELECT count(*) FROM n)'
    : '(SELECT CASE WHEN pg_sleep(36000) IS NULL THEN 0 ELSE 1 END)';

const TABLES = [
  ['items', 'id'],
  ['item_versions', 'item_id'],
];

/** Makes every statement that meets a row of this id take for hours. Items can't be changed meanwhile. */
export async function slowItem(database: DatabaseConfig, id: string): Promise<Mend> {
  for (const [table, column] of TABLES) {
    await queryDirectly(database, `ALTER TABLE ${table} RENAME TO all_${table}`);
    const condition = `CASE WHEN ${column} = '${id}' THEN ${AFTER_HOURS} > 0 ELSE 1 = 1 END`;
    await queryDirectly(database, `CREATE VIEW ${table} AS SELECT * FROM all_${table} WHERE ${condition}`);
  }
  return async () => {
    for (const [table] of TABLES) {
      await queryDirectly(database, `DROP VIEW ${table}`);
      await queryDirectly(database, `ALTER TABLE all_${table} RENAME TO ${table}`);
    }
  };
}
