import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { placeOf } from '../../../src/database/database-place.js';
import { DatabaseUnusable } from '../../../src/database/open-database.js';
import type { Caller } from '../../support/caller.js';
import {
  configOf,
  describeOnFile,
  newDatabase,
  NEW_DATABASE_ITEMS,
  PASSWORD,
  type TestDatabase,
} from '../../support/database/engine.js';
import { killServices, ServiceProcess } from '../../support/service-process.js';
import { listenOnly, startTestApp, type TestApp } from '../../support/test-app.js';
import { unusableDatabases } from '../../support/database/unusable-databases.js';

let database: TestDatabase;
let second: TestApp | undefined;
beforeEach(async () => {
  database = await newDatabase();
});
afterEach(async () => {
  await killServices();
  await second?.close();
  second = undefined;
  await database.drop();
});

describe('the start', () => {
  it('says where the API, the Swagger UI and the database are; a second one keeps all data, and adds no tutorial items again', async () => {
    const environment = { DATABASE_URL: database.url };
    const first = await ServiceProcess.start({ environment });
    const { level, msg } = JSON.parse(await first.line(/Items is listening/));
    const { url } = first;
    expect({ level, msg }).toEqual({
      level: 'info',
      msg: `Items is listening. API: ${url} Swagger UI: ${url}/docs Database: ${placeOf(database.config)}`,
    });
    const api = first.caller();
    (await api.get('/health/ready')).expect(200);
    (await api.get('/docs')).expect(200);
    expect(await itemsOf(api)).toEqual(NEW_DATABASE_ITEMS);
    await api.put('/items/1', { name: 'avocado' });
    await api.put('/items/2', { name: 'blueberry' });
    (await api.delete('/items/2')).expect(204);
    expect(await first.stop()).toMatchObject({ exitCode: 0, stderr: '' });
    expect(first.lines.join()).not.toContain(PASSWORD);
    expect(first.lines.join()).not.toContain('AUTH=off');

    second = await startTestApp({ database: database.config, seed: true });
    expect(await itemsOf(second.api)).toEqual(['1: avocado']);
  });
});

describe('a start on a database that is not usable', () => {
  it('fails, and says why in one line', async () => {
    const unusable = await unusableDatabases(database);
    expect(unusable.length).toBeGreaterThan(1);
    for (const { url, complaint } of unusable) {
      const service = await listenOnly({ database: configOf(url) });
      const error = (await service.makeReady().catch((one: unknown) => one)) as Error;
      await service.close();
      expect(error).toBeInstanceOf(DatabaseUnusable);
      expect(error.message).toMatch(/^The database .+ can't be used: .+$/);
      expect(error.message).toMatch(complaint);
      expect(error.message).not.toContain(PASSWORD);
    }
  }, 90_000);

  // What the process makes of the error is the same for each engine.
  describeOnFile('as a process', () => {
    it('ends with 1 and that line', async () => {
      const [{ url, complaint }] = await unusableDatabases(database);
      const environment = { DATABASE_URL: url };
      const { exitCode, stdout, stderr } = await (await ServiceProcess.spawn({ environment })).ended;
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
      expect(stderr).toMatch(/^The database .+ can't be used: .+\n$/);
      expect(stderr).toMatch(complaint);
    });
  });
});

async function itemsOf(api: Caller): Promise<string[]> {
  const { items } = (await api.get('/items')).expect(200).json as { items: { id: string; name: string }[] };
  return items.map(({ id, name }) => `${id}: ${name}`);
}
