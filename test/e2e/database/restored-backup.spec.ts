import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { backUp, type Backup } from '../../support/database/backup.js';
import { newDatabase, type TestDatabase } from '../../support/database/engine.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

const FAILED = [412, 'precondition-failed'] as const;

/** Changes after the backup, which are lost. Each history of an item ends at the same version. */
const TARGETS = ['/items/changed', '/items/patched', '/items/deleted', '/items/new'];

// The clock stands still: the two histories have the same versions at the same times.
describe('a database that was restored from a backup, and then changed in another way', () => {
  let database: TestDatabase;
  let backup: Backup;
  let service: TestApp;
  const lost = new Map<string, string>();
  let kept: string;

  const start = async () => {
    service = await startTestApp({ database: database.config });
  };

  beforeAll(async () => {
    database = await newDatabase();
    await start();
    for (const id of ['changed', 'patched', 'deleted', 'kept']) {
      (await service.api.post('/items', { id, name: 'first' })).expect(201);
    }
    kept = await service.api.entityTagOf('/items/kept');
    await service.close();
    backup = await backUp(database.config);
    await start();
    await change('lost');
    for (const target of [...TARGETS, '/items']) lost.set(target, await service.api.entityTagOf(target));
    await service.close();
    await backup.restore();
    await start();
    await change('other');
  });
  afterAll(async () => {
    await service.close();
    await backup.drop();
    await database.drop();
  });

  async function change(name: string): Promise<void> {
    (await service.api.put('/items/changed', { name })).expect(200);
    (await service.api.patch('/items/patched', { name })).expect(200);
    (await service.api.delete('/items/deleted')).expect(204);
    (await service.api.put('/items/deleted', { name })).expect(201);
    (await service.api.post('/items', { id: 'new', name })).expect(201);
  }

  it.each(TARGETS)('[D24] 200 for %s although the version of the tag exists again', async (target) => {
    const answer = await service.api.get(target, { headers: { 'if-none-match': lost.get(target) ?? '' } });
    expect(answer.expect(200).json.name).toBe('other');
    const [version] = (lost.get(target) ?? '').split('-');
    expect(answer.headers.etag?.split('-')[0]).toBe(version);
  });

  it.each(TARGETS)('[D24] 412 for every change of %s that expects a lost version', async (target) => {
    const headers = { 'if-match': lost.get(target) ?? '' };
    (await service.api.put(target, { name: 'over' }, { headers })).expect(...FAILED);
    (await service.api.patch(target, { name: 'over' }, { headers })).expect(...FAILED);
    (await service.api.delete(target, { headers })).expect(...FAILED);
    (await service.api.get(target, { headers })).expect(...FAILED);
    expect((await service.api.get(target)).expect(200).json.name).toBe('other');
  });

  it('[D24] 200 for the list', async () => {
    (await service.api.get('/items', { headers: { 'if-none-match': lost.get('/items') ?? '' } })).expect(200);
  });

  it('304 for an item that has not changed since it was read before the backup', async () => {
    (await service.api.get('/items/kept', { headers: { 'if-none-match': kept } })).expect(304);
  });
});
