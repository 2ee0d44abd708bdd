import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { replaceItem } from '../../../src/items/contract/items.operations.js';
import { eraseVersions } from '../../../src/items/contract/versions.operations.js';
import { getMetrics } from '../../../src/metrics/metrics.operations.js';
import { OPERATIONS } from '../../../src/operations.js';
import { bearer, testKey } from '../../support/access/known-keys.js';
import { backUpInto, makeBackupFolder, restoreFrom } from '../../support/backups/backups.js';
import { declaredAnswers } from '../../support/coverage/declared.js';
import { makeItemFor, validRequest } from '../../support/coverage/requests.js';
import { prepareDamage, type DamageableDatabase } from '../../support/database/damage.js';
import { engine, describeOnFile, newDatabase } from '../../support/database/engine.js';
import { readinessNow } from '../../support/readiness.js';
import { listenOnly, startTestApp, type TestApp } from '../../support/test-app.js';

const ids = new Map([
  ['createItem', 'new'],
  ['eraseVersions', 'deleted'],
]);

describe('a database whose files are damaged', () => {
  let files: DamageableDatabase;
  let service: TestApp;
  beforeAll(async () => {
    files = await prepareDamage();
    service = await startTestApp({ auth: 'required', database: files.database });
    await makeItemFor(replaceItem, 'kept', service.api);
    await makeItemFor(eraseVersions, 'deleted', service.api);
    (await service.api.get('/items')).expect(200);
    await files.damage(['items', 'item_versions', 'api_keys']);
  }, 60_000);
  afterAll(async () => {
    await service?.close();
    await files?.remove();
  });

  it('[P63] 500 storage-damaged from every operation that needs the damaged part, with no word of files in the answer', async () => {
    const givers = new Set(
      declaredAnswers().flatMap(({ operation, code, engines }) =>
        code === 'storage-damaged' && engines.includes(engine) ? [operation] : [],
      ),
    );
    expect(givers.size).toBeGreaterThan(10);
    // The metrics need only the look-up of a key.
    givers.delete(getMetrics.id);
    for (const operation of OPERATIONS.filter(({ id }) => givers.has(id))) {
      const { target, ...options } = validRequest(operation, ids.get(operation.id) ?? 'kept');
      const answer = await service.api.call(operation.method, target, options);
      expect(answer.expect(500, 'storage-damaged').json.retryable).toBe(false);
      expect(answer.text).not.toMatch(/SQLITE|malformed|block|page|base\//);
    }
  });

  it('[P63] 500 storage-damaged if a key can’t be looked up, 200 with one that is known', async () => {
    (await service.api.with(bearer(testKey([]))).get('/metrics')).expect(500, 'storage-damaged');
    (await service.api.get('/metrics')).expect(200);
  });

  it('[P63] 200 to liveness and to what does not read it', async () => {
    for (const target of ['/health/live', '/', '/openapi.json']) (await service.api.get(target)).expect(200);
  });
});

describeOnFile('a file with a damaged part', () => {
  it('[P79] 200 to reads of the rest, 500 to every change; readiness and log say so, once a minute', async () => {
    const files = await prepareDamage();
    const service = await startTestApp({ database: files.database });
    (await service.api.put('/items/kept', { name: 'Kept' })).expect(201);
    await files.damage(['item_versions']);
    (await service.api.get('/items/kept')).expect(200);
    expect((await readinessNow(service)).expect(200).json).toMatchObject({ status: 'ok', database: 'writable' });
    for (let n = 0; n < 3; n += 1) (await service.api.get('/items/kept/versions')).expect(500, 'storage-damaged');
    for (const target of ['/items/kept', '/items']) (await service.api.get(target)).expect(200);
    for (const id of ['kept', 'new']) {
      (await service.api.put(`/items/${id}`, { name: 'Never' })).expect(500, 'storage-damaged');
    }
    expect((await readinessNow(service)).expect(200).json).toMatchObject({ status: 'warning', database: 'damaged' });
    expect(service.log.filter(({ level }) => level === 'error')).toEqual([
      expect.objectContaining({ msg: expect.stringMatching(/^The database file is damaged/) }),
    ]);
    expect((await service.api.get('/items/kept')).expect(200).json.name).toBe('Kept');
    await service.close();

    await files.damage(['items']);
    const again = await listenOnly({ database: files.database });
    await expect(again.makeReady()).rejects.toThrow(/can't be used: SQLITE_CORRUPT.*Keep a copy.*restore a backup/);
    await again.close();
    await files.remove();
  });

  it('[P79] 500 to a change that needs no damaged part, once one was met', async () => {
    const files = await prepareDamage();
    const service = await startTestApp({ auth: 'required', database: files.database });
    (await service.api.put('/items/kept', { name: 'Kept' })).expect(201);
    await files.damage(['api_keys']);
    (await service.api.with(bearer(testKey([]))).get('/items')).expect(500, 'storage-damaged');
    (await service.api.put('/items/kept', { name: 'Never' })).expect(500, 'storage-damaged');
    expect((await service.api.get('/items/kept')).expect(200).json.name).toBe('Kept');
    await service.close();
    await files.remove();
  });

  it('[P79] 500 to searches and to every change if only the search data is damaged; a backup, restored, has all and finds it', async () => {
    const files = await prepareDamage();
    const service = await startTestApp({ database: files.database });
    (await service.api.put('/items/kept', { name: 'Kept' })).expect(201);
    (await service.api.get('/items?q=kept')).expect(200);
    await files.damage(['item_terms_data', 'item_terms_docsize', 'item_terms_idx', 'item_terms_config']);
    (await service.api.get('/items?q=kept')).expect(500, 'storage-damaged');
    (await service.api.put('/items/kept', { name: 'Never' })).expect(500, 'storage-damaged');
    await service.close();

    const [folder, target] = [await makeBackupFolder(), await newDatabase()];
    await backUpInto(folder.path('a.gz'), files.database);
    await files.remove();
    await restoreFrom(folder.path('a.gz'), target.config);
    await folder.remove();
    const restored = await startTestApp({ database: target.config });
    expect((await restored.api.get('/items?q=kept')).expect(200).json.items).toMatchObject([{ name: 'Kept' }]);
    (await restored.api.put('/items/kept', { name: 'Later' })).expect(200);
    await restored.close();
    await target.drop();
  });
});
