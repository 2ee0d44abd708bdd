import { readdir, stat } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { backUp } from '../../../src/backup/command/back-up.js';
import { makeIndexes } from '../../../src/backup/command/indexes.js';
import { restore } from '../../../src/backup/command/restore.js';
import { noteBackup } from '../../../src/backup/rows/noted-backup.js';
import { entitiesFor } from '../../../src/entities.js';
import { manageIndexes } from '../../../src/items/indexes-command/manage-indexes.js';
import { makeBackupFolder, type BackupFolder } from '../../support/backups/backups.js';
import { storedRowsOf } from '../../support/backups/rows.js';
import { runBuilt } from '../../support/built-command.js';
import { runHere } from '../../support/command-here.js';
import { queryDirectly } from '../../support/database/direct-sql.js';
import { engine, migratedDatabase, newDatabase, PASSWORD, type TestDatabase } from '../../support/database/engine.js';
import { scrape } from '../../support/metrics/scrape.js';
import { startTestApp } from '../../support/test-app.js';

const silent = { stdout: { write: () => {} }, stderr: { write: () => {} } };

let folder: BackupFolder;
let original: TestDatabase;
let target: TestDatabase;
beforeAll(async () => {
  [folder, original, target] = [await makeBackupFolder(), await migratedDatabase(), await newDatabase()];
  const service = await startTestApp({ database: original.config });
  (await service.api.put('/items/a', { name: 'a', attributes: { thread: 'M8' } })).expect(201);
  await service.close();
  await makeIndexes(original.config, ['thread', '"a b".c'], silent);
});
afterAll(async () => {
  await target?.drop();
  await original?.drop();
  await folder?.remove();
});

const on = ({ url }: { url: string }) => ({ DATABASE_URL: url });
const missing = { url: engine === 'sqlite' ? 'sqlite:/no/such/folder/items.sqlite' : 'postgres://u@127.0.0.1:1/none' };

describe('npm run backup, npm run restore', () => {
  it('say what they did on standard error, and bring the indexes on attributes along', async () => {
    const written = await runBuilt('backup', [folder.path('a.gz')], on(original));
    expect(written).toMatchObject({ exitCode: 0, stdout: '' });
    expect(written.stderr).toMatch(
      /a\.gz has 1 items, deleted ones too, 1 versions, \d API keys and 0 records .* position \d+-/,
    );
    const noted = await queryDirectly(original.config, 'SELECT made_at, bytes FROM last_backup');
    const bytes = (await stat(folder.path('a.gz'))).size;
    expect(noted.map((row) => Number(row.bytes))).toEqual([bytes]);
    expect(Date.now() - Date.parse(String(noted[0]?.made_at))).toBeLessThan(60_000);
    const restored = await runBuilt('restore', [folder.path('a.gz')], on(target));
    expect(restored).toMatchObject({ exitCode: 0, stdout: '' });
    expect(restored.stderr).toMatch(/has 1 items, .*The change feed goes on behind \d+-[\da-f]{8}\.\n/);
    expect(written.stderr + restored.stderr).not.toContain(PASSWORD);
    const indexesOf = async (one: TestDatabase) =>
      (await runHere((screen) => manageIndexes([], screen), on(one))).stdout.match(/items_attribute_\w+ +\S+/g);
    expect(await indexesOf(target)).toEqual(await indexesOf(original));
    expect(await indexesOf(original)).toHaveLength(4);
    expect(await storedRowsOf(target.config)).toEqual(await storedRowsOf(original.config));
  });

  it('exit with 1 for what is refused, 64 for parameters, 69 for the database, 78 for the configuration', async () => {
    const never = new AbortController().signal;
    const here = {
      backup: (parameters: string[], settings: Record<string, string>) =>
        runHere((screen) => backUp(parameters, screen, entitiesFor, never), settings),
      restore: (parameters: string[], settings: Record<string, string>) =>
        runHere((screen) => restore(parameters, screen, entitiesFor), settings),
    };
    await here.backup([folder.path('b.gz')], on(original));
    const codes: Record<string, number | null> = {
      'existing file': (await runBuilt('backup', [folder.path('b.gz')], on(original))).exitCode,
      'not empty': (await runBuilt('restore', [folder.path('b.gz')], on(original))).exitCode,
    };
    // The process ends with what the command gives, so the others need none.
    const note = async (name: string, command: keyof typeof here, ...given: Parameters<typeof here.backup>) => {
      codes[name] = (await here[command](...given)).exitCode;
    };
    await note('no file', 'restore', [folder.path('none')], on(target));
    await note('nothing', 'backup', [], on(original));
    await note('too much', 'restore', ['a', 'b'], on(original));
    await note('unknown', 'restore', ['--force', 'a'], on(original));
    await note('help', 'backup', ['--help'], {});
    await note('no database', 'backup', [folder.path('c.gz')], on(missing));
    await note('configuration', 'backup', [folder.path('c.gz')], { DATABASE_URL: 'mysql://x' });
    const usage = { nothing: 64, 'too much': 64, unknown: 64, help: 0 };
    const refused = { 'existing file': 1, 'not empty': 1, 'no file': 1 };
    expect(codes).toEqual({ ...usage, ...refused, 'no database': 69, configuration: 78 });
    expect((await readdir(folder.path('.'))).sort()).toEqual(['a.gz', 'b.gz']);
  });
});

it('[P75] GET of the metrics shows when the last backup was made, and its size, once there is one', async () => {
  const service = await startTestApp();
  try {
    const { database } = service.config;
    const before = await scrape(service.api);
    expect(before.series.filter((series) => series.includes('last_backup'))).toEqual([]);
    await noteBackup(database, '2026-01-02T03:04:05.678Z', 4_711);
    await noteBackup(database, '2026-01-03T03:04:05.678Z', 5_000_000_000);
    service.clock.now = new Date(service.clock.now.getTime() + 10_000);
    const after = await scrape(service.api);
    expect(after.value('items_last_backup_timestamp_seconds')).toBe(Date.UTC(2026, 0, 3, 3, 4, 5, 678) / 1_000);
    expect(after.value('items_last_backup_bytes')).toBe(5_000_000_000);
  } finally {
    await service.close();
  }
});
