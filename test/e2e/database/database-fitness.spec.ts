import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DatabaseUnusable } from '../../../src/database/open-database.js';
import { describeOnServer } from '../../support/database/engine.js';
import { prepareReadOnly, type ReadOnlyDatabase } from '../../support/database/read-only.js';
import { readinessNow } from '../../support/readiness.js';
import { listenOnly, startTestApp } from '../../support/test-app.js';
import { prepareUnfitDatabases } from '../../support/database/unfit-databases.js';
import { remainsOf } from '../../support/database/untouched.js';

describe('a database that can be connected to', () => {
  it('stops the start if a change can’t be made, read back and kept', async () => {
    const { unfit, remove } = await prepareUnfitDatabases();
    for (const { name, config, complaint } of unfit) {
      const service = await listenOnly({ database: config });
      const before = await remainsOf(config).catch(() => []);
      const error: unknown = await service.makeReady().catch((reason: unknown) => reason);
      expect([name, error]).toEqual([name, expect.any(DatabaseUnusable)]);
      expect(String(error)).toMatch(complaint);
      (await service.api.get('/health/ready')).expect(503, 'starting');
      expect([name, await remainsOf(config).catch(() => [])]).toEqual([name, before]);
      await service.close();
    }
    await remove();
  }, 120_000);

  it('keeps nothing of the trial change', async () => {
    const service = await startTestApp();
    expect((await service.api.get('/items')).expect(200).json.items).toEqual([]);
    await service.close();
  });
});

describeOnServer('a database that is read-only now', () => {
  let readOnly: ReadOnlyDatabase;
  beforeAll(async () => {
    readOnly = await prepareReadOnly();
    const service = await startTestApp({ database: readOnly.database });
    (await service.api.put('/items/kept', { name: 'Kept' })).expect(201);
    await service.close();
  }, 60_000);
  afterAll(() => readOnly?.remove());

  it('[P17] 200 to reads and to readiness with read-only, 503 to changes until it takes them', async () => {
    for (const { name, begin } of readOnly.ways) {
      const mend = await begin();
      const service = await startTestApp({ database: readOnly.database });
      expect((await readinessNow(service)).expect(200).json).toMatchObject({
        database: 'read-only',
        schema: 'current',
      });
      (await service.api.get('/items/kept')).expect(200);
      (await service.api.get('/items')).expect(200);
      for (const write of [
        () => service.api.post('/items', { id: name.replaceAll(' ', '-'), name }),
        () => service.api.put('/items/kept', { name }),
        () => service.api.patch('/items/kept', { name }),
        () => service.api.delete('/items/kept'),
      ]) {
        expect((await write()).expect(503, 'storage-unavailable').headers['retry-after']).toBe('1');
      }
      expect(service.log.filter(({ level }) => level === 'warn')).toEqual([
        expect.objectContaining({ msg: expect.stringMatching(/read-only/) }),
      ]);
      const stale = await listenOnly({ database: readOnly.empty });
      await expect(stale.makeReady()).rejects.toThrow(/is read-only now, and its schema is out of date/);
      await stale.close();

      await mend();
      (await service.api.put('/items/kept', { name })).expect(200);
      expect((await readinessNow(service)).expect(200).json.database).toBe('writable');
      await service.close();
    }
  }, 120_000);
});
