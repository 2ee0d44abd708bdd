import { afterEach, expect, it } from '@jest/globals';
import { migratedDatabase, type TestDatabase } from '../../support/database/engine.js';
import { openFilesOf } from '../../support/database/open-files.js';
import { startTestApp } from '../../support/test-app.js';

let database: TestDatabase;
afterEach(() => database.drop());

it.each(['/items/a', '/items', '/items/a/versions', '/items/a/versions/1', '/changes', '/changes/latest'])(
  'a service that has answered %s and stopped has no file open, so that a backup can take its place',
  async (target) => {
    database = await migratedDatabase();
    const service = await startTestApp({ database: database.config });
    (await service.api.put('/items/a', { name: 'x' })).expect(201);
    (await service.api.get(target)).expect(200);
    await service.close();
    expect(openFilesOf(database.config)).toEqual([]);
  },
);
