import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Database } from '../../../src/database/database.js';
import { STEP_VERSIONS } from '../../../src/items/history-trimming.js';
import {
  POSTGRES_IS_DUE,
  POSTGRES_TRIMMING,
  SQLITE_IS_DUE,
  SQLITE_TRIMMING,
} from '../../../src/items/trimming/trimming.statements.js';
import { connectDirectly, queryDirectly, type DirectConnection } from '../../support/database/direct-sql.js';
import { engine, migratedDatabase, type TestDatabase } from '../../support/database/engine.js';
import { refreshStatistics } from '../../support/filters/matches.js';
import { killServices, ServiceProcess } from '../../support/service-process.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

const ITEMS = 400;
const VERSIONS = 20;
const OLD = '2020-01-01T00:00:00.000Z';

let database: TestDatabase;
let watcher: DirectConnection | undefined;
let service: TestApp | undefined;
beforeEach(async () => {
  database = await migratedDatabase();
  await queryDirectly(database.config, OLD_VERSIONS);
});
afterEach(async () => {
  await killServices();
  await watcher?.close();
  await service?.close();
  [watcher, service] = [undefined, undefined];
  await database.drop();
});

/** ITEMS items of VERSIONS versions each, all of them old. */
const OLD_VERSIONS = `
INSERT INTO item_versions (item_id, version, operation, snapshot, request_id, command_id, at)
WITH RECURSIVE n (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < ${ITEMS * VERSIONS - 1})
SELECT 'item-' || CAST(n % ${ITEMS} AS text), n / ${ITEMS} + 1, 'replace', '{}', 'r', 'c', '${OLD}' FROM n ORDER BY n`;

/** So many records, with long keys, that an index is worth it. */
const OLD_RECORDS = `
INSERT INTO idempotency_keys (caller, key, position, fingerprint, status, minimal, item_id, version, command_id, at)
WITH RECURSIVE n (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < 19999)
SELECT 'somebody', '${'k'.repeat(200)}' || CAST(n AS text), 0, '${'f'.repeat(43)}', 200, 0, 'item-' || CAST(n AS text), 1, 'c', '${OLD}' FROM n`;

/** Waits until this many versions were trimmed, those with the lowest numbers. */
async function untilTrimmed(connection: DirectConnection, first: number, count: number): Promise<void> {
  const oldest = 'SELECT min(seq) AS seq FROM item_versions';
  while (Number((await connection.query(oldest))[0]?.seq) < first + count) await delay(20);
}

describe('trimming a large history', () => {
  it('goes on where it was killed, and leaves the newest version of each item', async () => {
    const environment = { DATABASE_URL: database.url, SEED: 'off', AUTH: 'off', HISTORY_RETENTION_DAYS: '1' };
    const watching = (watcher = await connectDirectly(database.config));
    const [first] = await watching.query('SELECT min(seq) AS seq FROM item_versions');
    const killing = await ServiceProcess.start({ environment });
    await untilTrimmed(watching, Number(first?.seq), 3 * STEP_VERSIONS);
    killing.signal('SIGKILL');
    await killing.ended;
    const [killed] = await watching.query(
      `SELECT count(*) AS kept, min(trimmed_to) AS trimmed, max(walked_to) AS walked,
              (SELECT min(seq) FROM item_versions) AS oldest FROM item_versions, history_trimming`,
    );
    expect(Number(killed?.kept)).toBeGreaterThan(ITEMS);
    // All items have as many versions, so what was trimmed is what has the lowest numbers.
    expect(Number(killed?.trimmed)).toBe(Number(killed?.oldest) - 1);
    expect(Number(killed?.walked)).toBe(Number(killed?.trimmed) + ITEMS);

    service = await startTestApp({ database: database.config, historyRetentionDays: 1 });
    await untilTrimmed(watching, Number(first?.seq), ITEMS * (VERSIONS - 1));
    expect(await watching.query('SELECT item_id FROM item_versions')).toHaveLength(ITEMS);
    expect(await watching.query('SELECT DISTINCT version FROM item_versions')).toEqual([{ version: VERSIONS }]);
  }, 60_000);

  it('reads no table as a whole: every statement of a step uses an index', async () => {
    await queryDirectly(database.config, OLD_RECORDS);
    service = await startTestApp({ database: database.config });
    await refreshStatistics(service);
    const { reader } = service.app.get(Database);
    const isSqlite = engine === 'sqlite';
    const { next, records, forget, trim } = isSqlite ? SQLITE_TRIMMING : POSTGRES_TRIMMING;
    const old = JSON.stringify([{ itemId: 'item-7', oldVersion: 3 }]);
    const statements: [string, unknown[]][] = [
      [isSqlite ? SQLITE_IS_DUE : POSTGRES_IS_DUE, [OLD]],
      [next, [4_000, STEP_VERSIONS]],
      [records, [old]],
      [forget, [old]],
      [trim, ['[5]']],
    ];
    for (const [statement, values] of statements) {
      const rows = await reader.query<Record<string, string>[]>(
        `${isSqlite ? 'EXPLAIN QUERY PLAN' : 'EXPLAIN'} ${statement}`,
        values,
      );
      const plan = rows.map((row) => row.detail ?? row['QUERY PLAN']).join('\n');
      expect(plan).toMatch(/item_versions|idempotency_keys|SEARCH [kvw]/);
      expect(plan).not.toMatch(
        /SCAN ([kvw]|item_versions|idempotency_keys)$|Seq Scan on (item_versions|idempotency_keys)/m,
      );
    }
  });
});
