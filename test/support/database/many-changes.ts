import type { DatabaseConfig } from '../../../src/config/config.js';
import { queryDirectly } from './direct-sql.js';

/** Adds changes of items that were never written, past the service, with numbers that follow one another. */
export async function addChanges(database: DatabaseConfig, count: number): Promise<void> {
  await queryDirectly(
    database,
    `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
     INSERT INTO item_versions (item_id, version, operation, snapshot, request_id, command_id, at)
     SELECT 'other-' || i, 1, 'delete', NULL, 'r', 'abcdef01-0000-4000-8000-000000000000', '2026-01-01T00:00:00.000Z' FROM n`,
  );
}
