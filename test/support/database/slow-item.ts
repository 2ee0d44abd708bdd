import type { DatabaseConfig } from '../../../src/config/config.js';
import { queryDirectly } from './direct-sql.js';
import type { Mend } from './faults.js';

/** Counts for hours. Both engines count only when it is needed, and can be stopped meanwhile. */
const COUNT_FOR_HOURS = `
(WITH RECURSIVE n (i) AS (SELECT CAST(1 AS bigint) UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000000) SELECT count(*) FROM n)`;

/** Makes every statement that meets the row of this id take for hours. Items can't be changed meanwhile. */
export async function slowItem(database: DatabaseConfig, id: string): Promise<Mend> {
  await queryDirectly(database, 'ALTER TABLE items RENAME TO all_items');
  await queryDirectly(
    database,
    `CREATE VIEW items AS SELECT * FROM all_items WHERE CASE WHEN id = '${id}' THEN ${COUNT_FOR_HOURS} > 0 ELSE 1 = 1 END`,
  );
  return async () => {
    await queryDirectly(database, 'DROP VIEW items');
    await queryDirectly(database, 'ALTER TABLE all_items RENAME TO items');
  };
}
