import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '../../../src/database/database.js';
import { describeOnFile } from '../../support/database/engine.js';
import { holdWriteLock, refuseChanges } from '../../support/database/faults.js';
import { readinessNow } from '../../support/readiness.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

let service: TestApp;
beforeAll(async () => {
  service = await startTestApp();
});
afterAll(() => service.close());

describe('readiness', () => {
  it('[P21] 200 with what was found; a hundred probes in a second look at the database once', async () => {
    const database = service.app.get(Database);
    const found = database.state.bind(database);
    let looks = 0;
    database.state = () => {
      looks += 1;
      return found();
    };
    const answers = await Promise.all(Array.from({ length: 100 }, () => service.api.get('/health/ready')));
    for (const answer of answers) {
      expect(answer.expect(200).json).toMatchObject({ status: 'ok', database: 'writable', schema: 'current' });
    }
    expect(looks).toBe(1);
    (await readinessNow(service)).expect(200);
    expect(looks).toBe(2);
    database.state = found;
  });
});

describeOnFile('readiness of a service on a file', () => {
  it('200 with what is known of the disk', async () => {
    const { json } = (await readinessNow(service)).expect(200);
    expect(json.disk).toMatch(/^(?:ok|nearly-full)$/);
    expect(json.status).toBe(json.disk === 'ok' ? 'ok' : 'warning');
  });

  it('200 at once while another process holds the lock of the file and changes wait for it', async () => {
    const release = await holdWriteLock(service.config.database);
    let isOver = false;
    const { sqliteWriter } = service.app.get(Database);
    const change = sqliteWriter!
      .alone((connection) => connection.exec('BEGIN IMMEDIATE; ROLLBACK'))
      .finally(() => (isOver = true));
    expect((await readinessNow(service)).expect(200).json).toMatchObject({ database: 'writable' });
    expect(isOver).toBe(false);
    await release();
    await change;
  });

  it('[P60] 200 with read-only while changes can’t be written to the file, until they can', async () => {
    (await service.api.put('/items/kept', { name: 'Kept' })).expect(201);
    const told = () => service.log.filter(({ msg }) => /written to the database file/.test(String(msg)));
    const before = told().length;
    const mend = await refuseChanges(service);
    for (const name of ['Late', 'Later'])
      (await service.api.put('/items/late', { name })).expect(503, 'storage-unavailable');
    expect((await readinessNow(service)).expect(200).json).toMatchObject({
      status: 'warning',
      database: 'read-only',
    });
    for (const target of ['/items/kept', '/items']) (await service.api.get(target)).expect(200);
    await mend();
    expect((await readinessNow(service)).expect(200).json).toMatchObject({ database: 'writable' });
    expect(told().slice(before)).toMatchObject([{ level: 'error' }, { level: 'info' }]);
    (await service.api.put('/items/late', { name: 'Late' })).expect(201);
    for (const id of ['kept', 'late']) (await service.api.delete(`/items/${id}`)).expect(204);
  });
});
