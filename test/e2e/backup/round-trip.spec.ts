import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Engine } from '../../../src/config/config.js';
import type { Answer } from '../../support/answer.js';
import { bearer } from '../../support/access/known-keys.js';
import { backUpInto, makeBackupFolder, restoreFrom, type BackupFolder } from '../../support/backups/backups.js';
import { KNOWN, startEventful, type EventfulService } from '../../support/backups/eventful-database.js';
import { shownBy } from '../../support/backups/shown.js';
import { storedRowsOf, type StoredRows } from '../../support/backups/rows.js';
import { engine, type TestDatabase } from '../../support/database/engine.js';
import { ENGINES, migratedDatabaseOn, newDatabaseOn } from '../../support/database/every-engine.js';
import { SEED } from '../../support/random.js';
import { said } from '../../support/said.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

/** From and to the engine of this run. */
const targetsOf = (from: Engine) => (from === engine ? ENGINES : [engine]);

const changesIn = (page: Answer) => page.json.changes as { id: string; position: string }[];

describe.each(ENGINES)(`a backup of %s (TEST_SEED=${SEED})`, (from) => {
  let folder: BackupFolder;
  let original: TestDatabase;
  let eventful: EventfulService;
  let rows: StoredRows;
  let told: { position: string; trailer: { content: string } };
  let shown: unknown;
  let repeated: Answer[];
  let lost: string[];
  beforeAll(async () => {
    folder = await makeBackupFolder();
    original = await migratedDatabaseOn(from);
    eventful = await startEventful(original, SEED);
    const { service, repeat, positions } = eventful;
    rows = await storedRowsOf(original.config);
    told = await backUpInto(folder.path('a.gz'), original.config);
    repeated = await repeat(service);
    shown = await shownBy(service, positions[0]!);
    // Made after the backup, and lost.
    (await service.api.put('/items/keyed', { name: 'lost' })).expect(201);
    (await service.api.put('/items/lost', { name: 'lost' })).expect(201);
    lost = changesIn(await service.api.get(`/changes?after=${positions.at(-1)}`)).map(({ position }) => position);
    await service.close();
  });
  afterAll(async () => {
    await original?.drop();
    await folder?.remove();
  });

  describe.each(targetsOf(from))('restored to %s', (to) => {
    let copy: TestDatabase;
    let restored: TestApp;
    beforeAll(async () => {
      copy = await newDatabaseOn(to);
      await restoreFrom(folder.path('a.gz'), copy.config);
    });
    afterAll(async () => {
      await restored?.close();
      await copy?.drop();
    });

    it('has every row as it was', async () => {
      expect(await storedRowsOf(copy.config)).toEqual(rows);
      expect(rows.trimming[0]).toMatch(/"trimmed_to":[1-9]/);
      expect(rows.versions.filter((row) => row.includes('"request_id":""')).length).toBeGreaterThan(0);
      expect(rows.keys.length).toBeGreaterThan(0);
      expect(rows.records.length).toBeGreaterThanOrEqual(5);
    });

    it('has the same digest in a backup of the copy', async () => {
      const again = await backUpInto(folder.path(`of-${to}.gz`), copy.config);
      expect(again).toMatchObject({ position: told.position, trailer: { content: told.trailer.content } });
    });

    it('[P70] answers as before, repeats under a key too, and lets callers with a key in', async () => {
      restored = await startTestApp({ database: copy.config, historyRetentionDays: 30, idempotencyTtlHours: 48 });
      restored.clock.now = eventful.service.clock.now;
      expect(await shownBy(restored, eventful.positions[0]!)).toEqual(shown);
      expect((await eventful.repeat(restored)).map(said)).toEqual(repeated.map(said));
      expect(repeated.map(({ status }) => status)).toEqual([201, 204, 200, 204]);
      const found = (await restored.api.get('/items?q=uber')).expect(200).json.items as { id: string }[];
      expect(found.map(({ id }) => id)).toEqual(['searched']);
      const headers = { authorization: bearer(KNOWN) };
      (await restored.api.get('/items?limit=1', { headers })).expect(200);
    });

    it('[P71] positions from before go on, and later ones are 410 also when other changes have their numbers', async () => {
      const { positions } = eventful;
      expect(told.position).toBe(positions.at(-1));
      expect(lost).toHaveLength(2);
      const gone = async (position: string) =>
        (await restored.api.get(`/changes?after=${position}`)).expect(410, 'position-gone');
      for (const position of lost) await gone(position);
      for (const id of ['new', 'newer', 'newest']) (await restored.api.put(`/items/${id}`, { name: id })).expect(201);
      for (const position of lost) await gone(position);
      const after = changesIn((await restored.api.get(`/changes?after=${told.position}`)).expect(200));
      expect(after.map(({ id }) => id)).toEqual(['new', 'newer', 'newest']);
      const seqOf = (position: string) => Number(position.split('-')[0]);
      // On PostgreSQL the write that tries the database out at the start takes a number.
      expect([1, 2]).toContain(seqOf(after[0]!.position) - seqOf(told.position));
      (await restored.api.get(`/changes?after=${positions[1]}`)).expect(200);
    });
  });
});
